import { requestFault } from '@emoeditor/companion-server/http/originRules.ts';
import { describe, expect, it } from 'vitest';

const fault = (host: string | undefined, origin?: string) =>
  requestFault(
    { ...(host === undefined ? {} : { host }), ...(origin === undefined ? {} : { origin }) },
    8765,
  )?.code ?? null;

describe('who may call', () => {
  it.each(['127.0.0.1:8765', 'localhost:8765', 'LOCALHOST:8765'])('SE2: Host %s may', (host) => {
    expect(fault(host)).toBeNull();
  });

  it.each([
    'evil.example:8765',
    '127.0.0.1',
    '127.0.0.1:8766',
    '127.0.0.1.evil.example:8765',
    'localhost:87650',
    '',
    undefined,
  ])('SE2: Host %s may not', (host) => {
    expect(fault(host)).toBe('FOREIGN_HOST');
  });

  it.each([
    undefined,
    'file://',
    'uxp://com.emoeditor.panel',
    'http://127.0.0.1:8765',
    'http://localhost:8765',
    'http://127.0.0.1:8765/',
    'http://127.0.0.1',
    'http://127.0.0.1/',
  ])('SE3: Origin %s may', (origin) => {
    expect(fault('127.0.0.1:8765', origin)).toBeNull();
  });

  it.each([
    'null',
    '',
    'chrome-extension://abcdefghijklmnop',
    'moz-extension://0b0a',
    'http://evil.example',
    'https://127.0.0.1:8765',
    'http://127.0.0.1:8766',
    'http://127.0.0.1:8765.evil.example',
    'HTTP://EVIL.EXAMPLE',
  ])('SE3: Origin %s may not', (origin) => {
    expect(fault('127.0.0.1:8765', origin)).toBe('FOREIGN_ORIGIN');
  });
});
