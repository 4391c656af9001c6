import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { downloadFile } from '@emoeditor/companion-server/models/catalogue/downloadFile.ts';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { temporaryFolder } from '../../../../temporaryFolder.ts';

const folder = temporaryFolder();
let server: Server;

beforeAll(async () => {
  server = createServer(({ url }, response) => {
    response.writeHead(url === '/one' ? 404 : 403).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

it('every address that fails is told with its own reason', async () => {
  const { port } = server.address() as AddressInfo;
  const urls = ['one', 'two'].map((path) => `http://127.0.0.1:${port}/${path}`);
  const { signal } = new AbortController();
  // The size of what would arrive plays no part: no server sends anything.
  const file = { urls, sha256: '0'.repeat(64), bytes: 9 };
  await expect(downloadFile(file, folder('weights'), { signal })).rejects.toMatchObject({
    code: 'REFUSED',
    message: expect.stringMatching(
      /one but the server answers 404.*two but the server answers 403/,
    ),
    hint: expect.stringContaining('consent'),
  });
});
