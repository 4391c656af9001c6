import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CONFORMANCE } from '@emoeditor/fake-photoshop/conformance.ts';
import { SMOKE_STEPS } from '@emoeditor/fake-photoshop/smokeSteps.ts';
import { describe, expect, it } from 'vitest';
import { smokeTestPage } from '../../fakes/smokeTest.ts';

const ROOT = join(import.meta.dirname, '../../..');
const ids = CONFORMANCE.map(({ id }) => id);

describe('what the fake Photoshop holds to be true', () => {
  it('is numbered once', () => {
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('is tried on a real Photoshop by one step at least, and no step is about anything else', () => {
    expect(SMOKE_STEPS.flatMap(({ rules }) => rules).sort()).toEqual([...ids].sort());
  });

  it('is quoted by the test that holds the fake to it', () => {
    const tests = readdirSync(join(ROOT, 'test'), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.test.ts'))
      .map((name) => readFileSync(join(ROOT, 'test', name), 'utf8'));
    const quoted = new Set(tests.flatMap((text) => text.match(/\[[A-Z]{2}\d+\]/g) ?? []));
    expect(ids.filter((id) => !quoted.has(`[${id}]`))).toEqual([]);
  });

  it('is docs/smoke-test.md, which takes less than half an hour', async () => {
    expect(SMOKE_STEPS.reduce((sum, { minutes }) => sum + minutes, 0)).toBeLessThanOrEqual(30);
    await expect(smokeTestPage()).toMatchFileSnapshot(join(ROOT, 'docs/smoke-test.md'));
  });
});
