import { readFile } from 'node:fs/promises';
import type { ModelSource } from '@emoeditor/companion-server/importer/sources/modelSource.ts';
import { quantisePerChannel } from '@emoeditor/companion-server/importer/weights/quantise.ts';
import {
  parsePrecision,
  precisionFor,
  storageOfParts,
  storageOfWeight,
} from '@emoeditor/companion-server/importer/weights/storage.ts';
import { createWeightsLayout } from '@emoeditor/companion-server/importer/weights/weightsFile.ts';
import type { StorageType } from '@emoeditor/companion-server/onnx/weights.ts';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../../../temporaryFolder.ts';

const signal = new AbortController().signal;
const folder = temporaryFolder();

describe('precision', () => {
  it('is one type for all parts, or another for some', () => {
    expect(storageOfParts(parsePrecision('int8')).predictor).toBe('int8');
    const mixed = storageOfParts(parsePrecision('float32,unet=int8'));
    expect(mixed).toMatchObject({ unet: 'int8', vaeDecoder: 'float32' });
    expect(storageOfParts(parsePrecision('unet=int8')).vaeEncoder).toBe('float16');
  });

  /** The parts that `auto` stores in int8; the others have to be in float16. */
  const inInt8 = (provider: string, vae: 'AutoencoderKL' | 'PatchAutoencoder') => {
    const source = { vae: { config: { _class_name: vae } } } as ModelSource;
    const parts = Object.entries(storageOfParts(precisionFor(provider)(source)));
    const others = parts.filter(([, type]) => type !== 'int8');
    expect(new Set(others.map(([, type]) => type))).toEqual(new Set(['float16']));
    return parts.filter(([, type]) => type === 'int8').map(([part]) => part);
  };

  it('auto is int8 on the CPU, for networks that were measured to tolerate it', () => {
    expect(inInt8('cpu', 'AutoencoderKL')).toEqual(['unet']);
    expect(inInt8('cpu', 'PatchAutoencoder')).toEqual(['unet', 'vaeEncoder', 'vaeDecoder']);
  });

  it.each(['cuda', 'tensorrt', 'dml', 'coreml', 'webgpu'])(
    'of auto is float16 on %s',
    (provider) => {
      expect(inInt8(provider, 'PatchAutoencoder')).toEqual([]);
    },
  );

  it.each(['int4', 'unet=', 'tokenizer=int8', '', 'unet=int8=float16'])('refuses “%s”', (text) => {
    expect(() => parsePrecision(text)).toThrow(/Expected a precision/);
  });

  it('keeps biases in float32 and small layers out of int8', () => {
    expect(storageOfWeight([1280], 'int8')).toBe('float32');
    expect(storageOfWeight([16, 96, 3, 3], 'int8')).toBe('float16');
    expect(storageOfWeight([256, 256], 'int8')).toBe('int8');
  });
});

describe('quantisePerChannel', () => {
  it('gives every channel a scale of its own and is off by half a step at most', () => {
    const weights = Float32Array.of(1, -0.5, 0.3, 0.004, -0.002, 0.001, 0, 0, 0);
    const { values, scale } = quantisePerChannel(weights, 3);
    expect([values[0], values[3]]).toEqual([127, 127]);
    weights.forEach((weight, i) => {
      const step = scale[Math.floor(i / 3)] as number;
      expect(Math.abs((values[i] as number) * step - weight)).toBeLessThanOrEqual(step * 0.5001);
    });
  });
});

describe('createWeightsLayout', () => {
  const weight = (name: string, shape: number[], values: number[]) => ({
    name,
    shape,
    read: () => Promise.resolve(Float32Array.from(values)),
  });

  it('starts every tensor on 64 bytes and writes what it promised', async () => {
    const layout = createWeightsLayout('w', 'float16');
    const first = layout.place(weight('a', [1, 3], [1, 2, 3]));
    const second = layout.place(weight('b', [2], [4, 5]));
    expect(first).toEqual({ type: 'float16', place: { file: 'w', offset: 0, length: 6 } });
    expect(second).toEqual({ type: 'float32', place: { file: 'w', offset: 64, length: 8 } });
    await layout.write(folder('w'), { signal });
    const bytes = await readFile(folder('w'));
    expect(bytes.length).toBe(72);
    expect(bytes.readUInt16LE(0)).toBe(0x3c00);
    expect(bytes.readFloatLE(68)).toBe(5);
  });

  it.each([
    ['NaN', 'float32', [Number.NaN], /a\.b but it holds NaN/],
    ['infinity', 'int8', [Number.POSITIVE_INFINITY], /a\.b but it holds Infinity/],
    ['what float16 cannot hold', 'float16', [70_000], /a\.b holds 70000/],
  ] as const)('refuses %s and names the tensor', async (_, type, values, reason) => {
    const layout = createWeightsLayout('w', type as StorageType);
    layout.place(weight('a.b', [1, 1], [...values]));
    await expect(layout.write(folder('bad'), { signal })).rejects.toThrow(reason);
  });
});
