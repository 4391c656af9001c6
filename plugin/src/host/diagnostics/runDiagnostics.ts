import type { Document } from 'photoshop/dom/Document';
import { PluginError, textOf } from '../../errors.ts';
import type { HostInfo } from '../hostPort.ts';
import { LAYER_EVENTS } from '../layerEvents.ts';
import type { PhotoshopModule } from '../photoshopModule.ts';
import { type TrialDocument, tryAll } from './check.ts';
import { HISTORY_CHECKS } from './historyChecks.ts';
import { IMAGING_CHECKS } from './imagingChecks.ts';
import { MASK_CHECKS } from './maskChecks.ts';
import { RUNTIME_CHECKS } from './runtimeChecks.ts';

/** What the published types (25.0.4) lack of `app.createDocument`. */
interface DocumentMaker {
  createDocument(options: Readonly<Record<string, unknown>>): Promise<Document | null>;
}

/**
 * Tries out what Adobe's documents leave open, in documents that are made for it and closed again, and outside of them
 * nothing. The report holds no pixels, no names of documents and no pairing code.
 * @param connection what the panel knows of its server
 */
export async function runDiagnostics(
  photoshop: PhotoshopModule,
  info: HostInfo & { readonly uxp: string },
  connection: string,
): Promise<string> {
  const events = hearEvents(photoshop);
  const lines = [
    `EmoEditor ${info.pluginVersion} in ${info.name} ${info.version}, ${info.uxp}`,
    `Server: ${connection}`,
    '',
    ...(await tryAll(RUNTIME_CHECKS, null)),
    `MD12 an error’s code through executeAsModal: ${await errorThroughModal(photoshop)}`,
    `MD11 reading pixels outside a modal scope: ${await readOutside(photoshop)}`,
  ];
  for (const depth of [8, 16] as const) {
    lines.push('', `In a document of ${depth} bit:`, ...(await inTrial(photoshop, depth)));
  }
  lines.push('', `Events after documents were made and closed: ${await events()}`);
  return lines.join('\n');
}

/** How long events may take to arrive once the modal scopes are over. */
const EVENTS_MS = 400;

/** Listens from now on. @returns the way to stop: the names of the events that came, in their order */
function hearEvents({ action }: PhotoshopModule): () => Promise<string> {
  const heard: string[] = [];
  const listener = (event: string) => {
    if (heard.indexOf(event) < 0) heard.push(event);
  };
  const events = [...LAYER_EVENTS];
  void action.addNotificationListener(events, listener);
  return async () => {
    await new Promise<void>((resolve) => {
      setTimeout(resolve, EVENTS_MS);
    });
    void action.removeNotificationListener(events, listener);
    return heard.join(', ') || 'none';
  };
}

async function inTrial(photoshop: PhotoshopModule, depth: 8 | 16): Promise<string[]> {
  let lines: string[] = [];
  try {
    await photoshop.core.executeAsModal(
      async (context) => {
        const document = await (photoshop.app as unknown as DocumentMaker).createDocument({
          name: 'EmoEditor trial',
          width: 64,
          height: 64,
          resolution: 72,
          mode: 'RGBColorMode',
          depth,
          fill: 'transparent',
        });
        if (document === null) throw new Error('no document was made');
        try {
          const trial: TrialDocument = { photoshop, context, document, depth };
          lines = [
            ...(await tryAll(IMAGING_CHECKS, trial)),
            ...(await tryAll(MASK_CHECKS, trial)),
            ...(await tryAll(HISTORY_CHECKS, trial)),
          ];
        } finally {
          await document.closeWithoutSaving();
        }
      },
      { commandName: 'EmoEditor diagnostics' },
    );
  } catch (error) {
    lines.push(`fails with “${textOf(error)}”`);
  }
  return lines;
}

async function errorThroughModal({ core }: PhotoshopModule): Promise<string> {
  const sent = new PluginError('INTERNAL', { message: 'trial', hint: '' });
  try {
    await core.executeAsModal(
      async () => {
        throw sent;
      },
      { commandName: 'EmoEditor diagnostics' },
    );
    return 'it never arrived';
  } catch (error) {
    if (error === sent) return 'the same error arrives';
    return error instanceof PluginError ? 'a copy arrives' : `“${textOf(error)}” arrives alone`;
  }
}

async function readOutside({ app, imaging }: PhotoshopModule): Promise<string> {
  const document = app.activeDocument as Document | null;
  const layer = document?.activeLayers[0];
  if (!document || layer === undefined) return 'no layer is selected';
  try {
    const { imageData } = await imaging.getPixels({
      documentID: document.id,
      layerID: layer.id,
      targetSize: { width: 8, height: 8 },
    });
    await imageData.dispose();
    return 'works';
  } catch (error) {
    return `fails with “${textOf(error)}”`;
  }
}
