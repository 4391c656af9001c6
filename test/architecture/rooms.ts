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
  // What a picture shows, and what an edit is made of beside light.
  scene: ['compositor', 'files', 'hintedError.ts', 'imaging', 'tensor'],
  // Networks: written, run, found.
  onnx: ['tensor'],
  runtime: ['onnx', 'tensor'],
  models: [
    'files',
    'hintedError.ts',
    'onnx',
    'pipeline',
    'runtime',
    'scene',
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
  'errors.ts': ['compositor', 'hintedError.ts', 'imaging', 'models', 'pipeline', 'scene'],
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
    'scene',
    'tensor',
  ],
  jobs: ['compositor', 'engine', 'errors.ts', 'files', 'log.ts', 'pipeline'],
  session: ['compositor', 'engine', 'errors.ts', 'files', 'imaging', 'jobs', 'log.ts', 'pipeline'],
  http: ['errors.ts', 'jobs', 'log.ts', 'session'],
  // Engines elsewhere: a gateway's engine, and a worker around one.
  cluster: ['engine', 'errors.ts', 'hintedError.ts', 'log.ts', 'pipeline'],
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
    'scene',
    'session',
    'version.ts',
  ],
};
