/**
 * Checks the built panel and packs it: `npm run package` makes dist/EmoEditor-<version>.ccx, which a double-click
 * installs. The list of libraries in it (SBOM) stands in sbom.cdx.json.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { BILL_NAME, billOfMaterials } from './billOfMaterials.ts';
import { checkPackage } from './checkPackage.ts';
import { makePackage, readFiles } from './makePackage.ts';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const { version } = JSON.parse(readFileSync(here('../package.json'), 'utf8')) as {
  version: string;
};

const files = new Map(readFiles(here('../dist'))).set(BILL_NAME, billOfMaterials());
const problems = checkPackage(files, version);
if (problems.length > 0) {
  process.stderr.write(
    `The panel was not packed:\n${problems.map((one) => `  ${one}\n`).join('')}`,
  );
  process.exitCode = 1;
} else {
  const bytes = makePackage(files);
  const name = `EmoEditor-${version}.ccx`;
  mkdirSync(here('../../dist'), { recursive: true });
  writeFileSync(here(`../../dist/${name}`), bytes);
  process.stdout.write(
    `dist/${name}: ${files.size} files, ${Math.round(bytes.length / 1024)} KB. Double-click it to install the panel.\n`,
  );
}
