/**
 * Where the programs that tests start as processes and threads lie bundled, while the tests run. In node_modules, from
 * where packages are found; one folder for each run.
 */
export const PROGRAMS_FOLDER = new URL(
  `../node_modules/.cache/emoeditor-programs-${process.pid}/`,
  import.meta.url,
);
