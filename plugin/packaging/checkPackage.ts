import { type Manifest, manifestSchema } from './manifestSchema.ts';
import { registeredEntryPoints } from './registeredEntryPoints.ts';

/** Files of the package by their path in it. */
export type PackageFiles = ReadonlyMap<string, Uint8Array>;

const PNG_SIGNATURE = [137, 80, 78, 71];

/**
 * What would keep Photoshop from installing or running the package, or give it more rights than it needs.
 * @returns one sentence for each; none for a sound package
 */
export function checkPackage(files: PackageFiles, sourceVersion: string): string[] {
  const source = files.get('manifest.json');
  if (source === undefined) return ['There is no manifest.json at the root of the package.'];
  const parsed = manifestSchema.safeParse(JSON.parse(textOf(source)));
  if (!parsed.success) {
    return parsed.error.issues.map(
      ({ path, message }) => `manifest.json, ${path.join('.') || 'root'}: ${message}.`,
    );
  }
  const manifest = parsed.data;
  return [
    ...(manifest.version === sourceVersion
      ? []
      : [`manifest.json is of version ${manifest.version}, the plugin of ${sourceVersion}.`]),
    ...duplicates(manifest.entrypoints.map(({ id }) => id)).map(
      (id) => `Two entry points of the manifest have the id ${id}.`,
    ),
    ...duplicates(manifest.requiredPermissions.network.domains).map(
      (domain) => `The manifest asks for ${domain} twice.`,
    ),
    ...checkIcons(manifest, files),
    ...checkPage(manifest, files),
    ...checkEntryPoints(manifest, files),
  ];
}

function checkIcons({ icons, entrypoints }: Manifest, files: PackageFiles): string[] {
  const all = [
    ...icons,
    ...entrypoints.flatMap((entry) => (entry.type === 'panel' ? entry.icons : [])),
  ];
  return all.flatMap(({ path, width, height, scale }) =>
    scale.flatMap((factor) => {
      const name = path.replace(/\.png$/, `@${factor}x.png`);
      const file = files.get(name);
      if (file === undefined) return [`The icon ${name} is missing.`];
      const size = pngSize(file);
      if (size === null) return [`The icon ${name} is no PNG.`];
      const [wide, high] = [width * factor, height * factor];
      return size.width === wide && size.height === high
        ? []
        : [
            `The icon ${name} is ${size.width} × ${size.height}; the manifest says ${wide} × ${high}.`,
          ];
    }),
  );
}

/** Width and height out of the first chunk, big-endian (PNG specification, 11.2.1). */
function pngSize(file: Uint8Array): { width: number; height: number } | null {
  if (file.length < 24 || PNG_SIGNATURE.some((byte, i) => file[i] !== byte)) return null;
  const view = new DataView(file.buffer, file.byteOffset);
  return { width: view.getUint32(16), height: view.getUint32(20) };
}

/** UXP runs classic scripts from the package only: no inline code, no modules, no other origin. */
function checkPage({ main }: Manifest, files: PackageFiles): string[] {
  const page = files.get(main);
  if (page === undefined) return [`The page ${main} is missing.`];
  const scripts = [...textOf(page).matchAll(/<script\b([^>]*)>([^<]*)/g)];
  const problems = scripts.flatMap(([, attributes = '', body = '']) => {
    const source = /src=["']?([^"'\s>]+)/.exec(attributes)?.[1];
    if (source === undefined || body.trim() !== '')
      return [`${main} has a script within the page.`];
    if (attributes.includes('module')) return [`${main} loads ${source} as a module.`];
    return files.has(source) ? [] : [`${main} loads ${source}, which is missing.`];
  });
  return scripts.length === 0 ? [`${main} loads no script.`] : problems;
}

function checkEntryPoints({ entrypoints }: Manifest, files: PackageFiles): string[] {
  const script = files.get('index.js');
  if (script === undefined) return ['The bundle index.js is missing.'];
  const idsOf = (kind: 'panel' | 'command') =>
    entrypoints.filter(({ type }) => type === kind).map(({ id }) => id);
  try {
    const registered = registeredEntryPoints(textOf(script));
    return [
      ...differences('panel', idsOf('panel'), registered.panels),
      ...differences('command', idsOf('command'), registered.commands),
    ];
  } catch (error) {
    return [`The bundle does not start as UXP starts it: ${(error as Error).message}`];
  }
}

function differences(what: string, declared: readonly string[], made: readonly string[]): string[] {
  return [
    ...declared
      .filter((id) => !made.includes(id))
      .map((id) => `The manifest has the ${what} ${id}, which the bundle does not set up.`),
    ...made
      .filter((id) => !declared.includes(id))
      .map((id) => `The bundle sets up the ${what} ${id}, which the manifest does not have.`),
  ];
}

const duplicates = (values: readonly string[]): string[] => [
  ...new Set(values.filter((value, at) => values.indexOf(value) !== at)),
];

const textOf = (file: Uint8Array): string => new TextDecoder().decode(file);
