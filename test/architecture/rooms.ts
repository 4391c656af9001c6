/**
 * Which rooms of the server may import which, one line a room. A room is a folder of `companion-server/src` or a file
 * beside them. What stands in no line may not be imported; a new edge is written here on purpose or not at all.
 */
export const SERVER_ROOMS: Readonly<Record<string, readonly string[]>> = {
  // Nothing of ours below them.
  'hintedError.ts': [],
  'log.ts': [],
  'programs.ts': [],
  'userFolders.ts': [],
  'version.ts': [],
  wasm: [],
  files: ['hintedError.ts'],
  // Numbers and pictures.
  tensor: ['wasm'],
  schedulers: ['tensor'],
  text: ['hintedError.ts'],
  imaging: ['files', 'hintedError.ts'],
  compositor: ['hintedError.ts', 'imaging', 'wasm'],
  // The edit itself.
  pipeline: ['hintedError.ts', 'schedulers', 'tensor'],
  // What an edit is made of beside light.
  scene: ['hintedError.ts'],
  // Networks: written, run, found.
  onnx: ['tensor'],
  runtime: ['onnx', 'tensor'],
  models: [
    'files',
    'hintedError.ts',
    'onnx',
    'pipeline',
    'runtime',
    'tensor',
    'text',
    'userFolders.ts',
  ],
  importer: [
    'files',
    'hintedError.ts',
    'models',
    'onnx',
    'pipeline',
    'schedulers',
    'tensor',
    'text',
  ],
  // What a job goes through.
  'errors.ts': ['compositor', 'hintedError.ts', 'imaging', 'models', 'pipeline'],
  'config.ts': ['errors.ts', 'programs.ts', 'userFolders.ts'],
  engine: [
    'compositor',
    'config.ts',
    'errors.ts',
    'imaging',
    'log.ts',
    'models',
    'pipeline',
    'programs.ts',
    'runtime',
  ],
  jobs: ['compositor', 'engine', 'errors.ts', 'pipeline', 'tensor'],
  session: ['compositor', 'engine', 'errors.ts', 'files', 'imaging', 'jobs', 'log.ts', 'pipeline'],
  http: ['errors.ts', 'jobs', 'log.ts', 'session'],
  // Composition roots.
  'main.ts': [
    'config.ts',
    'engine',
    'errors.ts',
    'http',
    'imaging',
    'jobs',
    'log.ts',
    'session',
    'version.ts',
  ],
  cli: [
    'compositor',
    'config.ts',
    'engine',
    'errors.ts',
    'files',
    'hintedError.ts',
    'imaging',
    'importer',
    'log.ts',
    'main.ts',
    'models',
    'pipeline',
    'runtime',
    'session',
    'version.ts',
  ],
};
