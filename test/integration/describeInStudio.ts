import { afterAll, beforeAll, describe } from 'vitest';
import { obstacle, StudioBrowser } from './studioBrowser.ts';

/**
 * Tests in one studio, which is closed behind the last of them; skipped, saying why, where none can be tried.
 * @param script name of scripted models (see scriptedEngineModels.ts); null for the starter
 * @param tests receives what gives the studio once the tests run
 */
export function describeInStudio(
  title: string,
  script: string | null,
  tests: (studio: () => StudioBrowser) => void,
): void {
  const skipped = obstacle === null ? '' : ` (skipped: ${obstacle})`;
  describe.skipIf(obstacle !== null)(`${title}${skipped}`, () => {
    let started: StudioBrowser | undefined;
    beforeAll(async () => {
      started = await (script === null
        ? StudioBrowser.start()
        : StudioBrowser.startScripted(script));
    });
    // A test may have ended the server or the browser itself.
    afterAll(() => started?.close().catch(() => {}));
    tests(() => {
      if (started === undefined)
        throw new Error('Expected the studio to be started: use it in a test.');
      return started;
    });
  });
}
