import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { listen } from '@emoeditor/companion-server/http/listen.ts';
import { afterEach, describe, expect, it } from 'vitest';

const open: Server[] = [];
afterEach(() => {
  for (const server of open.splice(0)) server.close();
});

function server(): Server {
  const made = createServer();
  open.push(made);
  return made;
}

/** A port that somebody has. */
const taken = () => listen(server(), 0);

describe('listen', () => {
  it('SE1: takes a port of 127.0.0.1 only', async () => {
    const one = server();
    const port = await listen(one, 0);
    expect(one.address() as AddressInfo).toMatchObject({ address: '127.0.0.1', port });
  });

  it('takes the first free port of those the panel looks at', async () => {
    const ports = [await taken(), await taken(), 0];
    expect(ports).not.toContain(await listen(server(), null, ports));
  });

  it('says so in a sentence when the port that was asked for is taken', async () => {
    const port = await taken();
    await expect(listen(server(), port)).rejects.toMatchObject({
      name: 'StartError',
      code: 'PORT_TAKEN',
      message: `Port ${port} is taken by another program, perhaps by a companion server that runs already.`,
    });
  });

  it('says so in a sentence when all are taken', async () => {
    const ports = [await taken(), await taken()];
    await expect(listen(server(), null, ports)).rejects.toMatchObject({
      code: 'PORT_TAKEN',
      message: `The ports ${ports[0]} to ${ports[1]}, which the panel looks at, are all taken by other programs.`,
    });
  });
});
