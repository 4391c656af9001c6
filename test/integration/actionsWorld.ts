import { type ActionStep, layeredPhotograph } from '../fakes/photoshop/index.ts';
import { cleanUp, startCompanion } from './companion.ts';
import { type BuiltPanel, photoshopWithPanel } from './productionPanel.ts';

type World = ReturnType<typeof photoshopWithPanel>;
export type OpenDocument = ReturnType<typeof openPhotograph>;

const worlds: World[] = [];
/** For `afterEach`. */
export async function closeWorlds(): Promise<void> {
  for (const world of worlds.splice(0)) world.close();
  await cleanUp();
}

/** For `closeWorlds` to end. */
export function keep(world: World): World {
  worlds.push(world);
  return world;
}

export const SIDE = 96;

/** Photoshop with a photograph open, the panel never shown, and a server whose engine follows that script. */
export async function photoshopWith(panel: BuiltPanel, script = 'scripted') {
  const server = await startCompanion(script);
  const world = keep(photoshopWithPanel(panel.script, () => server));
  return { ...world, server, document: openPhotograph(world.fake, 'dunes.psd') };
}

export function openPhotograph(fake: World['fake'], name: string, mode = 'RGBColorMode') {
  const rgba = Uint8Array.from({ length: SIDE * SIDE * 4 }, (_, i) =>
    i % 4 === 3 ? 255 : (i * 7) % 251,
  );
  return fake.open(
    { name, width: SIDE, height: SIDE, depth: 8, profile: 'sRGB IEC61966-2.1', mode },
    layeredPhotograph(rgba, SIDE, SIDE),
  );
}

export const names = (document: OpenDocument) => document.content.layers.map(({ name }) => name);
export const history = (document: OpenDocument) => document.states.map(({ name }) => name);

export const EVOKE_FEAR: ActionStep = {
  kind: 'method',
  name: 'Evoke Fear',
  methodName: 'emoEditorApply',
  info: {
    emotion: 'fear',
    intensity: 80,
    mode: 'fast',
    'org.emoeditor.seed': 7,
    'org.emoeditor.schemaVersion': 1,
  },
};
