import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Name of the software bill of materials inside the package. */
export const BILL_NAME = 'sbom.cdx.json';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/**
 * The libraries that the product is made of, with versions, licences and where they come from, as CycloneDX 1.5.
 * @param npm path of npm's own program, which npm passes to its scripts as `npm_execpath`
 * @throws Error when npm does not list them
 */
export function billOfMaterials(npm: string | undefined = process.env['npm_execpath']): Uint8Array {
  if (npm === undefined) throw new Error('Expected to be run by npm: npm run package.');
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    [npm, 'sbom', '--sbom-format', 'cyclonedx', '--omit', 'dev'],
    { cwd: ROOT, encoding: 'utf8', maxBuffer: 64 * 2 ** 20 },
  );
  if (status !== 0) throw new Error(`npm could not list the libraries: ${stderr}`);
  return new TextEncoder().encode(`${JSON.stringify(reproducible(JSON.parse(stdout)), null, 2)}\n`);
}

interface Bill {
  readonly metadata: { readonly component: object };
}

/** Without what differs from one run or folder to the next: the same libraries make the same package. */
function reproducible(bill: Bill): object {
  const { serialNumber: _number, ...rest } = bill as Bill & { readonly serialNumber?: string };
  const component = { ...bill.metadata.component, name: 'emoeditor' };
  return { ...rest, metadata: { component } };
}
