import { createHash } from 'node:crypto';
import { access, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { downloadFile } from '@emoeditor/companion-server/models/catalogue/downloadFile.ts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../../../temporaryFolder.ts';

const CONTENTS = Buffer.from(Array.from({ length: 300_000 }, (_, i) => (i * 7) % 251));
const SHA256 = createHash('sha256').update(CONTENTS).digest('hex');

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

const folder = temporaryFolder('each');
let target: string;
let server: Server;
/** What the server does with one request after the other; the last repeats. */
let answers: Answer[];
let requests: IncomingMessage[];

beforeEach(async () => {
  target = folder('model', 'weights');
  requests = [];
  server = createServer((request, response) => {
    requests.push(request);
    const answer = answers[Math.min(requests.length, answers.length) - 1];
    answer?.(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const url = (path = '/weights') =>
  `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`;
const pull = (signal = new AbortController().signal, urls = [url()]) =>
  downloadFile({ urls, sha256: SHA256, bytes: CONTENTS.length }, target, { signal, patience: 1 });

/** A server that knows Range and If-Range. */
const serve =
  (contents = CONTENTS, etag = '"one"'): Answer =>
  ({ headers }, response) => {
    const from = Number(/bytes=(\d+)-/.exec(headers.range ?? '')?.[1] ?? 0);
    const isSame = headers['if-range'] === undefined || headers['if-range'] === etag;
    if (from >= contents.length) {
      response.writeHead(416).end();
    } else if (from > 0 && isSame) {
      response.writeHead(206, {
        etag,
        'content-length': contents.length - from,
        'content-range': `bytes ${from}-${contents.length - 1}/${contents.length}`,
      });
      response.end(contents.subarray(from));
    } else {
      response.writeHead(200, { etag, 'content-length': contents.length }).end(contents);
    }
  };
/** Promises everything and hangs up half-way. */
const drop: Answer = ({ headers }, response) => {
  const from = Number(/bytes=(\d+)-/.exec(headers.range ?? '')?.[1] ?? 0);
  const rest = CONTENTS.subarray(from);
  const range = { 'content-range': `bytes ${from}-${CONTENTS.length - 1}/${CONTENTS.length}` };
  response.writeHead(from > 0 ? 206 : 200, {
    etag: '"one"',
    'content-length': rest.length,
    ...(from > 0 ? range : {}),
  });
  response.write(rest.subarray(0, rest.length >> 1), () => response.destroy());
};
/** Half the file as if it were all of it. */
const HALF = CONTENTS.subarray(0, CONTENTS.length >> 1);
const short: Readonly<Record<string, Answer>> = {
  'with its true length': (_, response) =>
    void response.writeHead(200, { etag: '"one"', 'content-length': HALF.length }).end(HALF),
  'in chunks, with an end but no length': (_, response) => {
    response.writeHead(200, { etag: '"one"' }).write(HALF.subarray(0, 1000));
    response.end(HALF.subarray(1000));
  },
  'until it closes the connection, with no length': (_, response) => {
    response.useChunkedEncodingByDefault = false;
    response.writeHead(200, { etag: '"one"', connection: 'close' }).end(HALF);
  },
};
/** As much as is taken, without a length. */
function pour(response: ServerResponse): void {
  const more = () => {
    while (!response.destroyed && response.write(CONTENTS));
  };
  response.on('drain', more);
  more();
}
const status =
  (code: number): Answer =>
  (_, response) =>
    void response.writeHead(code).end();

const arrived = async () => expect(await readFile(target)).toEqual(CONTENTS);
const ranges = () => requests.map(({ headers }) => headers.range);

describe('downloadFile', () => {
  it('downloads a file and leaves no other file', async () => {
    answers = [serve()];
    await pull();
    await arrived();
    expect(await readdir(folder('model'))).toEqual(['weights']);
  });

  it('goes on where the connection broke, twice', async () => {
    answers = [drop, drop, serve()];
    await pull();
    await arrived();
    // How much of what was sent arrives before a connection breaks is up to the system.
    const starts = ranges().map((range) => Number(/bytes=(\d+)-/.exec(range ?? '')?.[1] ?? 0));
    expect(starts).toHaveLength(3);
    expect(starts).toEqual(starts.toSorted((a, b) => a - b));
    expect(starts[1]).toBeGreaterThan(0);
    expect(requests[1]?.headers['if-range']).toBe('"one"');
  });

  it('goes on at the next start after it gave up', async () => {
    answers = [drop];
    await expect(pull()).rejects.toMatchObject({
      code: 'INTERRUPTED',
      hint: expect.stringMatching(/goes on/),
    });
    requests = [];
    answers = [serve()];
    await pull();
    await arrived();
    expect(ranges()[0]).toMatch(/^bytes=[1-9]/);
  });

  it('starts again when the server’s file has become another', async () => {
    answers = [drop, serve(CONTENTS, '"two"')];
    await pull();
    await arrived();
  });

  it.each<[string, Answer]>([
    [
      'says so',
      (_, response) => {
        response.writeHead(200, { 'content-length': CONTENTS.length + 1 });
        response.end(Buffer.concat([CONTENTS, Buffer.alloc(1)]));
      },
    ],
    ['does not end', (_, response) => pour(response)],
  ])('takes no more than the catalogue says of one that %s', async (_, answer) => {
    answers = [answer];
    await expect(pull()).rejects.toMatchObject({
      code: 'TOO_LONG',
      message: expect.stringMatching(/^Expected 300000 bytes from .* but it sends more\.$/),
    });
    expect(await readdir(folder('model')).catch(() => [])).toEqual([]);
  });

  it('starts again where the server knows no ranges', async () => {
    answers = [
      drop,
      (_, response) => void response.writeHead(200, { etag: '"one"' }).end(CONTENTS),
    ];
    await pull();
    await arrived();
  });

  it('takes a partial file that is whole already', async () => {
    answers = [serve()];
    await pull();
    await writeFile(`${target}.part`, CONTENTS);
    await rm(target);
    await pull();
    await arrived();
    expect(ranges()).toEqual([undefined, `bytes=${CONTENTS.length}-`]);
  });

  it.each(Object.keys(short))(
    'leaves nothing of a file that came short %s, and the next start brings it',
    async (how) => {
      answers = [short[how] as Answer];
      await expect(pull()).rejects.toMatchObject({
        code: 'CHECKSUM',
        hint: expect.stringMatching(/run the command again/),
      });
      expect(await readdir(folder('model'))).toEqual([]);
      answers = [serve()];
      await pull();
      await arrived();
      expect(ranges()).toEqual([undefined, undefined]);
    },
  );

  it('uses a mirror when a file was truncated', async () => {
    answers = [short['with its true length'] as Answer, serve()];
    await pull(undefined, [url('/first'), url('/mirror')]);
    await arrived();
    expect(requests.map((request) => request.url)).toEqual(['/first', '/mirror']);
  });

  it('continues a truncated part from its actual length', async () => {
    const piece: Answer = ({ headers }, response) => {
      const from = Number(/bytes=(\d+)-/.exec(headers.range ?? '')?.[1]);
      const some = CONTENTS.subarray(from, from + 1000);
      const range = `bytes ${from}-${from + some.length - 1}/${CONTENTS.length}`;
      response.writeHead(206, { 'content-length': some.length, 'content-range': range }).end(some);
    };
    await mkdir(folder('model'));
    await writeFile(`${target}.part`, CONTENTS.subarray(0, 2000));
    answers = [piece, serve()];
    await pull();
    await arrived();
    expect(ranges()).toEqual(['bytes=2000-', 'bytes=3000-']);
  });

  it('keeps what came in chunks of no known length before the connection broke', async () => {
    answers = [
      (_, response) => {
        response.writeHead(200, { etag: '"one"' });
        response.write(HALF, () => response.destroy());
      },
    ];
    await expect(pull()).rejects.toMatchObject({
      code: 'INTERRUPTED',
      message: expect.stringMatching(/broke after \d+ bytes/),
    });
    await expect(access(target)).rejects.toThrow();
    answers = [serve()];
    await pull();
    await arrived();
  });

  it('removes a file with another checksum and says which', async () => {
    const wrong = Buffer.from(CONTENTS);
    wrong[1000] = 255;
    answers = [serve(wrong)];
    await expect(pull()).rejects.toMatchObject({
      code: 'CHECKSUM',
      message: expect.stringContaining(SHA256),
    });
    expect(await readdir(folder('model'))).toEqual([]);
  });

  it('discards a kept part when the whole file does not match its checksum', async () => {
    answers = [drop];
    await expect(pull()).rejects.toThrow();
    const part = await readFile(`${target}.part`);
    part[0] = (part[0] ?? 0) ^ 1;
    await writeFile(`${target}.part`, part);
    answers = [serve()];
    await expect(pull()).rejects.toMatchObject({ code: 'CHECKSUM' });
    await pull();
    await arrived();
  });

  it('waits for a server that is busy and goes to a mirror when a file is gone', async () => {
    answers = [status(500), status(404), serve()];
    await pull(undefined, [url('/first'), url('/mirror')]);
    await arrived();
    expect(requests.map((request) => request.url)).toEqual(['/first', '/first', '/mirror']);
  });

  it.each([404, 403])('says that the server answers %i', async (code) => {
    answers = [status(code)];
    await expect(pull()).rejects.toMatchObject({
      code: 'REFUSED',
      message: expect.stringContaining(String(code)),
    });
    expect(requests).toHaveLength(1);
  });

  it('says that there is no connection', async () => {
    answers = [];
    const gone = url();
    await new Promise((resolve) => server.close(resolve));
    await expect(pull(undefined, [gone])).rejects.toMatchObject({
      code: 'OFFLINE',
      hint: expect.stringMatching(/needs no network/),
    });
  });

  it('keeps what has arrived when it is cancelled', async () => {
    const controller = new AbortController();
    answers = [
      (_, response) => {
        response.writeHead(200, { 'content-length': CONTENTS.length });
        response.write(CONTENTS.subarray(0, 1000), () => setTimeout(() => controller.abort(), 50));
      },
    ];
    await expect(pull(controller.signal)).rejects.toMatchObject({ name: 'AbortError' });
    await access(`${target}.part`);
    await expect(access(target)).rejects.toThrow();
  });
});
