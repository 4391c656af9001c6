import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { RunningServer } from '@emoeditor/companion-server/main.ts';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Client, cleanUp, pairedWith, sharedCompanion } from './companion.ts';
import { installedBrowser } from './installedBrowser.ts';

const skipped = installedBrowser === undefined ? ' (skipped: no Chromium is installed)' : '';

describe.skipIf(installedBrowser === undefined)(`a page of somebody else's${skipped}`, () => {
  let server: RunningServer;
  let panel: Client;
  let foreign: Server;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    server = await sharedCompanion();
    panel = await pairedWith(server);
    foreign = createServer((_request, response) => {
      response.setHeader('content-type', 'text/html');
      response.end('<!doctype html><title>foreign</title><body></body>');
    });
    await new Promise<void>((resolve) => foreign.listen(0, '127.0.0.1', resolve));
    browser = await chromium.launch({
      ...(installedBrowser === undefined ? {} : { executablePath: installedBrowser }),
      // A name that leads to this machine, as a rebound one does.
      args: ['--no-sandbox', '--host-resolver-rules=MAP rebound.example 127.0.0.1'],
    });
    page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${(foreign.address() as AddressInfo).port}/`);
  });
  afterAll(async () => {
    await browser?.close();
    foreign?.close();
    await cleanUp();
  });

  /** How sockets to these addresses end, opened in the page or in a frame without an origin. */
  const sockets = (addresses: string[], isSandboxed: boolean) =>
    page.evaluate(
      async ([urls, sandboxed]) => {
        const open = `(urls) => Promise.all(urls.map((url) => new Promise((resolve) => {
          try {
            const socket = new WebSocket(url);
            socket.onopen = () => resolve('open');
            socket.onclose = () => resolve('closed');
          } catch { resolve('refused'); }
        })))`;
        // The same code runs in the page and in the frame.
        if (!sandboxed) return new Function(`return ${open}`)()(urls) as Promise<string[]>;
        const frame = document.createElement('iframe');
        frame.setAttribute('sandbox', 'allow-scripts');
        frame.srcdoc = `<script>(${open})(${JSON.stringify(urls)}).then((all) => parent.postMessage(all, '*'))</script>`;
        const answer = new Promise<string[]>((resolve) => {
          window.addEventListener('message', ({ data }) => resolve(data), { once: true });
        });
        document.body.append(frame);
        return answer;
      },
      [addresses, isSandboxed] as const,
    );

  it.each([false, true])('SE3, SE7: opens no socket (in a sandbox: %s)', async (isSandboxed) => {
    const at = `ws://127.0.0.1:${server.port}`;
    const ends = await sockets([`${at}/v1`, `${at}//`, `${at}/`], isSandboxed);
    expect(ends).not.toContain('open');
  });

  it('SE3: reads nothing, by fetch, without CORS, as a script or in a frame', async () => {
    const seen = await page.evaluate(async (url) => {
      const plain = await fetch(`${url}version`).then(
        () => 'read',
        () => 'refused',
      );
      const opaque = await fetch(`${url}version`, { mode: 'no-cors' }).then(
        ({ type, status }) => `${type} ${status}`,
        () => 'refused',
      );
      const script = await new Promise((resolve) => {
        const element = document.createElement('script');
        element.onload = () => resolve('ran');
        element.onerror = () => resolve('refused');
        element.src = `${url}studio.js`;
        document.body.append(element);
      });
      const frame = document.createElement('iframe');
      frame.src = url;
      document.body.append(frame);
      await new Promise((resolve) => frame.addEventListener('load', resolve, { once: true }));
      let inside: string;
      try {
        inside = frame.contentDocument?.title ?? 'refused';
      } catch {
        inside = 'refused';
      }
      return { plain, opaque, script, inside };
    }, server.url);
    expect(seen).toMatchObject({ plain: 'refused', script: 'refused', inside: 'refused' });
    expect(['opaque 0', 'refused']).toContain(seen.opaque);
  });

  it('SE2: gets nothing under a name that was bound to this machine', async () => {
    const rebound = await browser.newPage();
    const answer = await rebound.goto(`http://rebound.example:${server.port}/version`);
    expect(answer?.status()).toBe(403);
    expect(await rebound.content()).not.toContain('"protocol"');
    await rebound.close();
  });

  it('SE3: a form, a beacon and an event stream of another page change nothing and are not answered', async () => {
    const statuses: number[] = [];
    page.on('response', (response) => {
      if (response.url().startsWith(server.url)) statuses.push(response.status());
    });
    const sent = await page.evaluate(async (url) => {
      const beacon = navigator.sendBeacon(`${url}v1`, 'x');
      const posted = await fetch(`${url}v1`, { method: 'POST', mode: 'no-cors', body: 'x' }).then(
        ({ type }) => type,
        () => 'refused',
      );
      const stream = await new Promise((resolve) => {
        const events = new EventSource(`${url}metrics`);
        events.onopen = () => resolve('open');
        events.onerror = () => {
          events.close();
          resolve('refused');
        };
      });
      return { beacon, posted, stream };
    }, server.url);
    expect(sent.stream).toBe('refused');
    expect(['opaque', 'refused']).toContain(sent.posted);
    await expect.poll(() => statuses.length).toBeGreaterThan(0);
    expect(statuses.every((status) => status === 403)).toBe(true);
  });

  it('SE2: opens no socket under a name that was bound to this machine', async () => {
    const rebound = await browser.newPage();
    await rebound.goto(`http://rebound.example:${(foreign.address() as AddressInfo).port}/`);
    const end = await rebound.evaluate(
      (url) =>
        new Promise((resolve) => {
          const socket = new WebSocket(url);
          socket.onopen = () => resolve('open');
          socket.onclose = () => resolve('closed');
        }),
      `ws://rebound.example:${server.port}/v1`,
    );
    expect(end).toBe('closed');
    await rebound.close();
  });

  it('disturbs no paired panel', async () => {
    panel.say({ type: 'ping', nonce: 5 });
    expect((await panel.hear('pong')).nonce).toBe(5);
    expect(panel.closed).toEqual([]);
  });
});
