import type { Document } from 'photoshop/dom/Document';
import { documentRefusal, selectionWithin } from './describeLayer.ts';
import { documentProfile } from './documentProfile.ts';
import { type ActiveLayer, MIN_SIDE, VISIBLE_ID } from './hostPort.ts';

/** All that the document shows, as one picture of the size of its canvas, or one sentence on why it cannot be edited. */
export function describeVisible(document: Document | null): ActiveLayer {
  if (document === null) {
    return { kind: 'none', message: 'No document is open.', hint: 'Open a photograph.' };
  }
  const { name } = document;
  const unsupported = documentRefusal(document);
  if (unsupported !== null) return { kind: 'refused', name, ...unsupported };
  const bounds = { left: 0, top: 0, width: document.width, height: document.height };
  if (bounds.width < MIN_SIDE || bounds.height < MIN_SIDE) {
    return {
      kind: 'refused',
      name,
      message: `“${name}” is ${bounds.width} × ${bounds.height} pixels; EmoEditor needs at least ${MIN_SIDE} on each side.`,
      hint: 'Choose a larger document.',
    };
  }
  const selection = selectionWithin(document, bounds);
  if (selection === 'outside') {
    return {
      kind: 'refused',
      name,
      message: 'The selection lies beside the canvas.',
      hint: 'Deselect, or select a part of the picture.',
    };
  }
  const profile = documentProfile(document.colorProfileName);
  return {
    kind: 'editable',
    layer: {
      documentId: document.id,
      layerId: VISIBLE_ID,
      kind: 'visible',
      anchorId: VISIBLE_ID,
      name: 'What is visible',
      documentName: name,
      bounds,
      depth: document.bitsPerChannel === 'bitDepth16' ? 16 : 8,
      profile: profile.samples,
      selection,
      note: 'Everything that is visible, as one picture',
    },
  };
}
