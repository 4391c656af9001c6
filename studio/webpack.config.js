import { fileURLToPath } from 'node:url';
import CopyPlugin from 'copy-webpack-plugin';
import { EsbuildPlugin } from 'esbuild-loader';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

/** The panel's bundle as a function of the host's modules, so that the studio can start it with its own. */
const asFunction = (bundle) =>
  `window.emoEditorPanel = function (require, module, exports) {\n${bundle}\n};\n`;

/** Pages and scripts as files only: the server's rules forbid scripts within the page. */
export default {
  mode: 'production',
  target: ['web', 'es2022'],
  devtool: false,
  entry: here('./src/main.ts'),
  output: {
    path: here('./dist'),
    filename: 'studio.js',
    publicPath: '',
    clean: true,
  },
  resolve: { extensions: ['.ts', '.js'] },
  module: {
    rules: [
      { test: /\.ts$/, loader: 'esbuild-loader', options: { target: 'es2022' } },
      { test: /\.css$/, use: ['style-loader', 'css-loader'] },
    ],
  },
  plugins: [
    new CopyPlugin({
      patterns: [
        // Not minimised: the server replaces a comment in the page.
        { from: here('./public'), info: { minimized: true } },
        {
          from: here('../plugin/dist/index.js'),
          to: 'panel.js',
          transform: (bundle) => asFunction(bundle.toString()),
        },
      ],
    }),
  ],
  optimization: {
    splitChunks: false,
    runtimeChunk: false,
    // A fifth of the time that webpack's own takes.
    minimizer: [new EsbuildPlugin({ target: 'es2022', css: true })],
  },
  performance: { hints: false },
  stats: 'errors-warnings',
};
