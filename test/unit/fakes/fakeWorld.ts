import {
  type DocumentFacts,
  type DocumentModel,
  FakePhotoshop,
  layeredPhotograph,
  type Samples,
} from '@emoeditor/fake-photoshop';
import { scopeTrace } from '../../fakes/scopeTrace.ts';

export const FACTS = {
  name: 'holiday.psd',
  width: 40,
  height: 30,
  depth: 8,
  profile: 'sRGB IEC61966-2.1',
  mode: 'RGBColorMode',
} as const;
export const WHOLE = { left: 0, top: 0, right: 40, bottom: 30 };

/** The parts of the modules that the rules are about. */
interface Modules {
  app: { activeDocument: FakeDocument | null; documents: FakeDocument[] };
  core: {
    executeAsModal<T>(
      work: (context: Context) => Promise<T>,
      options: { commandName: string },
    ): Promise<T>;
  };
  // biome-ignore lint/suspicious/noExplicitAny: the imaging calls are tested by what they give
  imaging: any;
  action: {
    addNotificationListener(events: string[], listener: (event: string) => void): Promise<void>;
    batchPlay(commands: unknown, options?: object): Promise<Record<string, unknown>[]>;
    recordAction(step: object, info?: unknown): Promise<void>;
    validateReference(reference: object[]): boolean;
  };
  constants: { ElementPlacement: { PLACEBEFORE: string } };
}
export interface FakeDocument {
  id: number;
  colorProfileName: string;
  resolution: number;
  layers: FakeLayer[];
  activeLayers: FakeLayer[];
  selection: { bounds: object | null };
  createPixelLayer(options?: { name: string }): Promise<FakeLayer>;
  createLayerGroup(options: { name: string; fromLayers: FakeLayer[] }): Promise<FakeLayer>;
}
export interface FakeLayer {
  id: number;
  name: string;
  isClippingMask: boolean;
  locked: boolean;
  boundsNoEffects: object;
  layers: FakeLayer[] | null;
  move(layer: FakeLayer, placement: string): void;
  delete(): void;
}
type Suspension = { historySuspensionID: number; finalName?: string } | number;
export interface Context {
  isCancelled: boolean;
  onCancel?: () => void;
  reportProgress(progress: { value?: number; commandName?: string }): void;
  hostControl: {
    suspendHistory(options: { documentID: number; name: string }): Promise<Suspension>;
    resumeHistory(id: Suspension, commit?: boolean): Promise<void>;
  };
}

/** A Photoshop with one document open, and its modules as a plugin has them. */
export function fakeWorld(facts: Partial<DocumentFacts> = {}, samples?: Samples) {
  const fake = new FakePhotoshop({
    encodeJpeg: async () => Uint8Array.of(255, 216),
    trace: scopeTrace(),
  });
  const rgba =
    samples ?? Uint8Array.from({ length: 40 * 30 * 4 }, (_, i) => (i % 4 === 3 ? 255 : i % 251));
  const whole = { ...FACTS, ...facts };
  const model: DocumentModel = fake.open(whole, layeredPhotograph(rgba, 40, 30, whole.mode));
  const photoshop = fake.require('photoshop') as unknown as Modules;
  const active = () => photoshop.app.activeDocument as FakeDocument;
  return {
    fake,
    model,
    photoshop,
    imaging: photoshop.imaging,
    active,
    photo: () => active().layers[0] as FakeLayer,
    modally: <T>(work: (context: Context) => Promise<T>, commandName = 'Test') =>
      photoshop.core.executeAsModal(work, { commandName }),
    stateNames: () => model.states.map(({ name }) => name),
  };
}
