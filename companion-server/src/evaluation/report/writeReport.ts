import { join } from 'node:path';
import { writeWhole } from '../../files/writeWhole.ts';
import { type EvaluationConfig, rowOf } from '../evaluationConfig.ts';
import { EvaluationError } from '../evaluationError.ts';
import type { PhotographFile } from '../run/photographs.ts';
import type { Results } from '../run/results.ts';
import { csvOf } from './csv.ts';
import { pictureGrids } from './grids.ts';
import { escaped, page } from './html.ts';
import { type Grid, type Measured, readMeasured } from './measured.ts';
import { reliabilityDiagram } from './reliabilityDiagram.ts';
import { type Summary, summarise } from './summary.ts';
import {
  confusionTables,
  costTable,
  definitions,
  emotionTables,
  metricTables,
  waitingTable,
} from './tables.ts';

export interface ReportParts {
  readonly folder: string;
  readonly config: EvaluationConfig;
  readonly photographs: readonly PhotographFile[];
  readonly results: Results;
  /** What made the results: models and versions. */
  readonly madeBy: Readonly<Record<string, unknown>>;
}

/**
 * Writes `report.html`, `report.json` and `edits.csv` of all results that are there.
 * @returns their paths
 * @throws EvaluationError NOTHING_MEASURED, FileError
 */
export async function writeReport(parts: ReportParts): Promise<string[]> {
  const { folder, config, photographs, results, madeBy } = parts;
  const grid: Grid = {
    photographs: photographs.map(({ name }) => name),
    methods: config.methods.map(rowOf),
    targets: config.targets,
  };
  const measured = await readMeasured(grid, results);
  if (measured.length === 0) {
    throw new EvaluationError(
      'NOTHING_MEASURED',
      `${folder} holds no results yet.`,
      'Run the same command without --report.',
    );
  }
  const summary = summarise(grid, measured, config.report);
  const shown = { ...grid, photographs: grid.photographs.slice(0, config.report.photographs) };
  const grids = await pictureGrids(shown, results);
  const files = {
    'report.html': htmlOf(grid, measured, summary, grids, madeBy),
    'report.json': `${JSON.stringify({ madeBy, summary, edits: measured }, null, 1)}\n`,
    'edits.csv': csvOf(measured, Object.keys(summary.metrics)),
  };
  for (const [name, text] of Object.entries(files)) {
    await writeWhole(join(folder, name), text, { overwrite: true });
  }
  return Object.keys(files).map((name) => join(folder, name));
}

function htmlOf(
  { photographs, methods, targets }: Grid,
  measured: readonly Measured[],
  summary: Summary,
  grids: string,
  madeBy: Readonly<Record<string, unknown>>,
): string {
  const asked = photographs.length * methods.length * targets.length;
  const missing = measured.length === asked ? '' : ` of ${asked} that were asked for`;
  const diagrams = summary.methods.flatMap(({ method, calibration }) =>
    calibration === null ? [] : [reliabilityDiagram(method, calibration)],
  );
  return page(
    'Evaluation',
    [
      `<p>${photographs.length} photographs, ${targets.length} targets, ${methods.length} methods: ${measured.length} edits${missing}. What is measured is the picture that the user gets. Below each figure: 95 % by bootstrap over photographs.</p>`,
      ...['<h2>Metrics</h2>', metricTables(summary), definitions(summary)],
      ...['<h2>Cost</h2>', costTable(summary)],
      ...['<h2>By emotion</h2>', emotionTables(summary, targets)],
      ...['<h2>Confusion</h2>', confusionTables(summary, targets)],
      ...(diagrams.length === 0 ? [] : [RELIABILITY, ...diagrams]),
      ...['<h2>Side by side</h2>', grids],
      ...['<h2>Methods that wait</h2>', waitingTable()],
      `<h2>Made by</h2><pre>${escaped(JSON.stringify(madeBy, null, 2))}</pre>`,
    ].join('\n'),
  );
}

const RELIABILITY =
  '<h2>Reliability</h2><p>How sure the predictor is of its first class of an edit, and how often the second judge has the same first class. Agreement of two networks, not truth.</p>';
