import type { RunningServer } from '@emoeditor/companion-server/main.ts';
import {
  type ActionStep,
  type Content,
  type DocumentModel,
  type Edges,
  type FakePhotoshop,
  layeredPhotograph,
  type Samples,
} from '@emoeditor/fake-photoshop';
import { formatPairingKey } from '@emoeditor/shared';
import { afterAll, afterEach, beforeAll, expect, vi } from 'vitest';
import { PAIRING } from '../../fakes/introduceTo.ts';
import { cleanUp, type SharedScript, sharedCompanion, startCompanion } from '../companion.ts';
import { type BuiltPanel, buildPanel, photoshopWithPanel } from '../productionPanel.ts';

/*
 * The stage of the fifteen expectations: the production bundle in the fake Photoshop, and a real server whose engine
 * follows a script. Every test ends with the account of image data: what was not disposed of fails it.
 */

type Options = NonNullable<Parameters<typeof photoshopWithPanel>[2]>;
export type World = ReturnType<typeof photoshopWithPanel>;

/**
 * For one test file: a server, and a Photoshop of its own for each test.
 * @param script the server that all files share; or what names the script of one for this file alone
 */
export function stage(script: SharedScript | (() => string | Promise<string>) = 'scripted') {
  const worlds: World[] = [];
  let server: RunningServer;
  let panel: BuiltPanel;
  beforeAll(async () => {
    panel = await buildPanel();
    server = await (typeof script === 'string'
      ? sharedCompanion(script)
      : startCompanion(await script()));
    await server.pairings.add(PAIRING, 'test');
  });
  afterEach(async () => {
    for (const world of worlds.splice(0)) {
      await vi.waitFor(
        () => expect(world.fake.images.alive, 'image data that was not disposed of').toBe(0),
        { timeout: 5_000 },
      );
      expect(world.violations, 'what was set on widgets').toEqual([]);
      world.close();
    }
  });
  afterAll(cleanUp);
  return {
    /** Once the tests run. */
    server: () => server,
    photoshop(options: Options & { readonly hasServer?: () => boolean } = {}): World {
      const { hasServer = () => true, ...rest } = options;
      const found = () => (hasServer() ? server : null);
      const world = photoshopWithPanel(panel.script, found, {
        token: formatPairingKey(PAIRING),
        ...rest,
      });
      worlds.push(world);
      return world;
    },
  };
}

export const SIDE = 96;
export const WHOLE: Edges = { left: 0, top: 0, right: SIDE, bottom: SIDE };

/** Structure in every channel; opaque unless said otherwise. */
export function photograph(
  depth: 8 | 16 = 8,
  alphaAt: (x: number, y: number) => number = () => 1,
): Samples {
  const range = depth === 8 ? 255 : 32768;
  const data = depth === 8 ? new Uint8Array(SIDE * SIDE * 4) : new Uint16Array(SIDE * SIDE * 4);
  for (let y = 0, at = 0; y < SIDE; y++) {
    for (let x = 0; x < SIDE; x++, at += 4) {
      const texture = ((x * 37 + y * 101) % 23) / 230;
      data[at] = Math.round(range * (0.25 + (0.4 * x) / SIDE + texture));
      data[at + 1] = Math.round(range * (0.2 + (0.5 * y) / SIDE + texture / 2));
      data[at + 2] = Math.round(range * (0.6 - (0.3 * x) / SIDE + texture / 3));
      data[at + 3] = Math.round(range * alphaAt(x, y));
    }
  }
  return data;
}

interface Opening {
  readonly name?: string;
  readonly depth?: 8 | 16 | 32;
  readonly profile?: string;
  readonly mode?: string;
  readonly resolution?: number;
  readonly content?: Content;
}

/** A document with a Background and the photograph on a layer above it, which is active. */
export function openDocument(fake: FakePhotoshop, opening: Opening = {}): DocumentModel {
  const { name = 'dunes.psd', depth = 8, mode = 'RGBColorMode', resolution = 72 } = opening;
  const { profile = 'sRGB IEC61966-2.1' } = opening;
  const samples = photograph(depth === 16 ? 16 : 8);
  const content = opening.content ?? layeredPhotograph(samples, SIDE, SIDE);
  return fake.open({ name, width: SIDE, height: SIDE, depth, profile, mode, resolution }, content);
}

export const layerOf = ({ content }: DocumentModel, name: string) => {
  const found = content.layers.find((layer) => layer.name === name);
  if (found === undefined) throw new Error(`There is no layer “${name}”.`);
  return found;
};
export const names = ({ content }: DocumentModel) => content.layers.map(({ name }) => name);
export const history = ({ states }: DocumentModel) => states.map(({ name }) => name);

/** The largest difference between samples. */
export function furthest(one: Samples, other: Samples): number {
  let most = 0;
  for (let i = 0; i < one.length; i++) {
    most = Math.max(most, Math.abs((one[i] as number) - (other[i] as number)));
  }
  return most;
}

interface Imaging {
  createImageDataFromBuffer(data: Samples, options: object): Promise<object>;
}

/** What the plugin hands to Photoshop from now on; of an edit, first the layer at working size, in 8-bit sRGB. */
export function watchBuffers(fake: FakePhotoshop): Samples[] {
  const { imaging } = fake.require('photoshop') as { imaging: Imaging };
  const make = imaging.createImageDataFromBuffer;
  const seen: Samples[] = [];
  imaging.createImageDataFromBuffer = (data, options) => {
    seen.push(data);
    return make(data, options);
  };
  return seen;
}

/** A recorded edit; `more` overrides its parameters. */
export const evoke = (more: Readonly<Record<string, unknown>> = {}): ActionStep => ({
  kind: 'method',
  name: 'Evoke Awe',
  methodName: 'emoEditorApply',
  info: {
    emotion: 'awe',
    intensity: 100,
    mode: 'fast',
    'org.emoeditor.seed': 7,
    'org.emoeditor.schemaVersion': 1,
    ...more,
  },
});
