import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The studio's page; null when the studio was not built. It holds no secret: any program of this machine may ask for it. */
export async function studioPage(folder: string): Promise<string | null> {
  return readFile(join(folder, 'index.html'), 'utf8').catch(() => null);
}

/** What `/` shows as long as there is no studio. */
export const NOT_BUILT = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>EmoEditor companion server</title>
<style>
  body { font: 16px/1.5 system-ui, sans-serif; max-width: 34rem; margin: 15vh auto; padding: 0 1rem; }
  code { background: #8882; padding: .1em .4em; border-radius: 4px; }
  @media (prefers-color-scheme: dark) { body { background: #222; color: #ddd; } }
</style>
<h1>The companion server runs</h1>
<p>The panel in Photoshop can connect to it now. The studio, which shows the panel here in the browser, has not been
built: run <code>npm run build</code> in the project’s folder and reload this page.</p>
</html>
`;
