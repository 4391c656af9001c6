import { serverNote } from '@emoeditor/plugin/ui/serverNote.ts';
import { describe, expect, it } from 'vitest';

const server = {
  protocol: 1,
  server: { name: 'companion', version: '1' },
  bundle: {
    id: 'small',
    name: 'Small',
    kind: 'emotion-direction',
    workingArea: 65536,
    sizeMultiple: 32,
    licence: 'MIT',
    limits: 'Paints nothing.',
  },
};

describe('the note on the server', () => {
  it('tells what runs, and why nothing faster does', () => {
    const refused = [
      { name: 'cuda', reason: 'the CUDA libraries are not installed' },
      { name: 'webgpu', reason: 'this machine shows no graphics device' },
    ];
    expect(serverNote({ ...server, provider: { name: 'cpu', reason: 'it works', refused } })).toBe(
      'Paints nothing. cpu: it works. Not used: cuda: the CUDA libraries are not installed. webgpu: this machine shows no graphics device.',
    );
  });

  it('leaves out what was not tried, or what an older server does not tell', () => {
    const note = 'Paints nothing. cuda: it works.';
    const provider = { name: 'cuda', reason: 'it works' };
    expect(serverNote({ ...server, provider })).toBe(note);
    expect(serverNote({ ...server, provider: { ...provider, refused: [] } })).toBe(note);
  });
});
