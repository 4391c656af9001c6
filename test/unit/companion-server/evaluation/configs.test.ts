import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { readEvaluationConfig } from '@emoeditor/companion-server/evaluation/evaluationConfig.ts';
import { expect, it } from 'vitest';

const FOLDER = join(import.meta.dirname, '../../../../bench/evaluation');

it.each(readdirSync(FOLDER).filter((name) => name.endsWith('.json')))(
  '%s is a config that “emoeditor eval” takes',
  async (name) => {
    const { methods } = await readEvaluationConfig(join(FOLDER, name));
    expect(methods.length).toBeGreaterThan(1);
  },
);
