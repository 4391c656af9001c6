import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { createLog, openLogFile } from '@emoeditor/companion-server/log.ts';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../temporaryFolder.ts';

const at = temporaryFolder('each');

describe('the log in a file', () => {
  it('is appended to, and makes way when it has grown large', async () => {
    writeFileSync(at('server.log'), 'before\n'.repeat(900_000));
    const file = openLogFile(at());
    const log = createLog({ level: 'info', isPretty: false, destination: file!.stream });
    log.info({ port: 8765 }, 'listening');
    file!.stream.end();
    await once(file!.stream, 'close');
    expect(readFileSync(at('server.log'), 'utf8')).toMatch(
      /^\{.*"port":8765.*"msg":"listening"\}\n$/,
    );
    expect(readFileSync(at('server.log.1'), 'utf8')).toContain('before');
  });

  it('is none where none can be written', () => {
    writeFileSync(at('file'), '');
    expect(openLogFile(at('file', 'deep'))).toBeNull();
  });
});
