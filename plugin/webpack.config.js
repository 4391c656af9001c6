import { fileURLToPath } from 'node:url';
import CopyPlugin from 'copy-webpack-plugin';
import { EsbuildPlugin } from 'esbuild-loader';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

/** One classic script that UXP can run: no eval, no chunks, host modules left to UXP's own `require`. */
export default {
  mode: 'production',
  target: ['web', 'es2020'],
  devtool: false,
  entry: here('./src/main.tsx'),
  output: {
    path: here('./dist'),
    filename: 'index.js',
    publicPath: '',
    globalObject: 'globalThis',
    clean: true,
  },
  externals: { photoshop: 'commonjs2 photoshop', uxp: 'commonjs2 uxp' },
  resolve: { extensions: ['.ts', '.tsx', '.js'] },
  module: {
    rules: [
      {
        test: /\.tsx?$/,
        loader: 'esbuild-loader',
        options: { target: 'es2020', jsx: 'automatic' },
      },
      { test: /\.css$/, use: ['style-loader', 'css-loader'] },
    ],
  },
  plugins: [
    new CopyPlugin({
      patterns: [
        // Not minimised: UXP's own parser need not know HTML without quotes.
        { from: here('./public'), info: { minimized: true } },
        { from: here('../manifest.json'), info: { minimized: true } },
      ],
    }),
  ],
  optimization: {
    splitChunks: false,
    runtimeChunk: false,
    // Also brings what packages ship in newer words down to ES2020.
    minimizer: [new EsbuildPlugin({ target: 'es2020', legalComments: 'eof' })],
  },
  performance: { hints: false },
  stats: 'errors-warnings',
};
