import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as z from 'zod';
import { StartError } from './errors.ts';
import { programUrl } from './programs.ts';
import { userFolders } from './userFolders.ts';

const LOG_LEVELS = ['silent', 'error', 'warn', 'info', 'debug'] as const;

const settingsSchema = z.object({
  /** 0 takes any free port; null the first free one of those the panel looks at. */
  port: z.int().min(0).max(65535).nullable(),
  /** Name or folder of a model bundle; the starter when null. */
  bundle: z.string().min(1).nullable(),
  /** Threads of the engine; as many as there are cores when null. */
  threads: z.int().min(1).max(256).nullable(),
  /** Execution provider; the first that proves itself when null. */
  provider: z.string().min(1).nullable(),
  /** Where the keys of paired panels and browsers are kept between starts. */
  pairingsFile: z.string().min(1),
  /** For what can be made again: optimised graphs, checksums that were compared. */
  cacheFolder: z.string().min(1),
  /** For finished edits until the panel has taken them; null keeps them in memory alone. */
  journalFolder: z.string().min(1).nullable(),
  logLevel: z.enum(LOG_LEVELS),
  /** The built studio; served at `/` when it is there. */
  studioFolder: z.string().min(1),
  /** Module with `loadModels`, which the engine process imports: the bundle's models unless a test brings others. */
  modelsModule: z.string().min(1),
  /** How long an engine may take to stop a cancelled job before it is killed. */
  cancelGraceMs: z.int().positive(),
});

export type ServerSettings = z.infer<typeof settingsSchema>;

/** Everything the server needs to know from outside, checked. */
export interface ServerConfig extends ServerSettings {
  /** Variables that the engine process starts with. */
  readonly engineEnvironment: Readonly<Record<string, string | undefined>>;
}

const VARIABLES = {
  port: 'EMOEDITOR_PORT',
  bundle: 'EMOEDITOR_BUNDLE',
  threads: 'EMOEDITOR_THREADS',
  provider: 'EMOEDITOR_PROVIDER',
  pairingsFile: 'EMOEDITOR_PAIRINGS',
  cacheFolder: 'EMOEDITOR_CACHE',
  journalFolder: 'EMOEDITOR_JOURNAL',
  logLevel: 'EMOEDITOR_LOG_LEVEL',
} as const;

/**
 * glibc keeps freed blocks for later; with the many large buffers of inference that doubles the engine's resident
 * memory. These limits give them back at once. Source: mallopt(3).
 */
const MALLOC = { MALLOC_TRIM_THRESHOLD_: '65536', MALLOC_MMAP_THRESHOLD_: '65536' };

/**
 * Settings from the caller, else from EMOEDITOR_* variables, else the defaults.
 * @throws StartError BAD_SETTING naming the setting, what was expected and what came
 */
export function readConfig(
  overrides: Partial<ServerSettings> = {},
  environment: NodeJS.ProcessEnv = process.env,
): ServerConfig {
  const variable = (name: keyof typeof VARIABLES) => environment[VARIABLES[name]] || null;
  const folders = userFolders(environment);
  const cacheFolder = overrides.cacheFolder ?? variable('cacheFolder') ?? folders.cache;
  const journal = variable('journalFolder') ?? join(cacheFolder, 'journal');
  const settings = {
    port: numberOr(variable('port')),
    bundle: variable('bundle'),
    threads: numberOr(variable('threads')),
    provider: variable('provider'),
    pairingsFile: variable('pairingsFile') ?? join(folders.settings, 'pairings.json'),
    cacheFolder,
    journalFolder: journal === 'off' ? null : journal,
    logLevel: variable('logLevel') ?? 'info',
    studioFolder: fileURLToPath(new URL('../../studio/dist', import.meta.url)),
    modelsModule: programUrl('bundleModels').href,
    cancelGraceMs: 4000,
    ...overrides,
  };
  const parsed = settingsSchema.safeParse(settings);
  if (!parsed.success) throw badSetting(parsed.error.issues[0], settings);
  return { ...parsed.data, engineEnvironment: { ...environment, ...MALLOC } };
}

/** Whether somebody sits at a desktop that could show a browser: not over SSH, not in a container. */
export function hasDesktop(
  environment: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
): boolean {
  if (environment['SSH_CONNECTION'] || environment['CI']) return false;
  if (platform === 'win32' || platform === 'darwin') return true;
  return Boolean(environment['DISPLAY'] || environment['WAYLAND_DISPLAY']);
}

/** Text that is not a number is passed on, so that the error message can quote it. */
function numberOr(text: string | null): unknown {
  if (text === null) return null;
  const number = Number(text);
  return Number.isNaN(number) ? text : number;
}

function badSetting(
  issue: z.core.$ZodIssue | undefined,
  settings: Readonly<Record<string, unknown>>,
): StartError {
  const name = String(issue?.path[0] ?? 'a setting');
  const variable = Object.entries(VARIABLES).find(([key]) => key === name)?.[1];
  return new StartError(
    'BAD_SETTING',
    `The setting “${name}” cannot be ${JSON.stringify(settings[name])}: ${issue?.message ?? 'it is not valid'}.`,
    variable === undefined
      ? 'Correct it and start again.'
      : `Correct the command line or the variable ${variable} and start again.`,
  );
}
