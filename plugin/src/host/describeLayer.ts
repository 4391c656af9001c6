import type { Bounds } from '@emoeditor/shared';
import type { Document } from 'photoshop/dom/Document';
import type { Layer } from 'photoshop/dom/Layer';
import { documentProfile } from './documentProfile.ts';
import { findLayer } from './findLayer.ts';
import { type ActiveLayer, MIN_SIDE, type SelectedLayer } from './hostPort.ts';
import { hasOwnPixels } from './pixelSource.ts';
import { boundsOf, intersection } from './rectangle.ts';

const MODES: Readonly<Record<string, string>> = {
  CMYKColorMode: 'CMYK',
  grayscaleMode: 'Grayscale',
  labColorMode: 'Lab',
  indexedColorMode: 'Indexed Color',
  bitmapMode: 'Bitmap',
  duotoneMode: 'Duotone',
  multichannelMode: 'Multichannel',
};

const KINDS: Readonly<Record<string, readonly [what: string, hint: string]>> = {
  video: ['a video layer', 'Choose a layer with a photograph on it.'],
  threeD: ['a 3D layer', 'Rasterize a copy of it and choose that.'],
};
/** Kinds that Photoshop draws; shapes are fills with a vector mask. */
const DRAWN: readonly string[] = [
  'group',
  'smartObject',
  'text',
  'solidColor',
  'gradientFill',
  'pattern',
];
const ADJUSTMENT = [
  'an adjustment layer',
  'Choose a pixel layer, or “What is visible” as the source under Advanced.',
] as const;

/** The active layer, or one sentence on why it cannot be edited. */
export function describeActive(document: Document | null, sourceOf: SourceOf): ActiveLayer {
  if (document === null) {
    return { kind: 'none', message: 'No document is open.', hint: 'Open a photograph.' };
  }
  const unsupported = documentRefusal(document);
  if (unsupported !== null) return { kind: 'refused', name: document.name, ...unsupported };
  const layers = document.activeLayers;
  const layer = layers[0];
  if (layer === undefined) {
    return { kind: 'none', message: 'No layer is selected.', hint: 'Click a layer.' };
  }
  if (layers.length > 1) {
    return {
      kind: 'none',
      message: `${layers.length} layers are selected.`,
      hint: 'Select the one layer to edit. To edit several as one, group them and select the group, or choose “What is visible” as the source under Advanced.',
    };
  }
  const sourceId = sourceOf(layer.id);
  const source = sourceId === null ? null : findLayer(document.layers, sourceId);
  return describeLayer(document, source ?? layer, layer);
}

/** Each selected layer with its sentence; none in a document that cannot be edited at all. */
export function describeSelected(document: Document | null, sourceOf: SourceOf): SelectedLayer[] {
  if (document === null || documentRefusal(document) !== null) return [];
  const found = new Map<string, SelectedLayer>();
  for (const active of Array.from(document.activeLayers)) {
    const sourceId = sourceOf(active.id);
    const layer = (sourceId === null ? null : findLayer(document.layers, sourceId)) ?? active;
    const key = `${document.id}/${layer.id}`;
    const described = describeLayer(document, layer, active);
    if (described.kind === 'editable') {
      found.set(key, { kind: 'editable', key, layer: described.layer });
    } else if (described.kind === 'refused') found.set(key, { ...described, key });
  }
  return [...found.values()];
}

/** The layer that a result of ours was made from, by their ids; null for any other layer. */
export type SourceOf = (layerId: number) => number | null;

function noteOn(document: Document, layer: Layer, active: Layer, converts: boolean): string | null {
  if (layer.id !== active.id) return `Source of “${active.name}”`;
  return converts
    ? `Photoshop converts “${document.colorProfileName}” to sRGB and back for the edit.`
    : null;
}

interface Refusal {
  readonly message: string;
  readonly hint: string;
}

/** Why nothing in the document can be edited, or null. */
export function documentRefusal(document: Document): Refusal | null {
  const mode = MODES[document.mode];
  if (mode !== undefined) {
    return {
      message: `The document is in ${mode} mode; EmoEditor edits RGB documents.`,
      hint: 'Convert a copy with Image › Mode › RGB Color.',
    };
  }
  if (document.bitsPerChannel === 'bitDepth32') {
    return {
      message: 'The document has 32 bits per channel; EmoEditor edits 8 and 16.',
      hint: 'Convert a copy with Image › Mode › 16 Bits/Channel.',
    };
  }
  return null;
}

/** Why a layer of this kind cannot be edited, or null. */
export function kindRefusal(layer: Layer): Refusal | null {
  const { kind, name } = layer;
  if (hasOwnPixels(layer)) return null;
  if (DRAWN.includes(kind)) return reachesBelow(layer) ? passesThrough(name) : null;
  const [what, hint] = KINDS[kind] ?? ADJUSTMENT;
  return { message: `“${name}” is ${what}; EmoEditor edits what has a picture of its own.`, hint };
}

/** A group whose layers change what lies below it has no look of its own. */
function reachesBelow({ kind, blendMode, layers }: Layer): boolean {
  if (kind !== 'group' || blendMode !== 'passThrough') return false;
  return Array.from(layers ?? []).some((layer) => {
    if (!layer.visible) return false;
    if (layer.kind === 'group')
      return layer.blendMode === 'passThrough' ? reachesBelow(layer) : layer.blendMode !== 'normal';
    return layer.blendMode !== 'normal' || !(hasOwnPixels(layer) || DRAWN.includes(layer.kind));
  });
}

const passesThrough = (name: string): Refusal => ({
  message: `The group “${name}” passes through: its layers change what lies below it.`,
  hint: 'Choose “What is visible” as the source under Advanced, or set the group’s blend mode to Normal.',
});

function describeLayer(document: Document, layer: Layer, active: Layer): ActiveLayer {
  const { name } = layer;
  const refused = (message: string, hint: string): ActiveLayer => ({
    kind: 'refused',
    name,
    message,
    hint,
  });
  const kind = kindRefusal(layer);
  if (kind !== null) return refused(kind.message, kind.hint);
  const ancestors = withAncestors(layer);
  // A source that its result stands in for is hidden.
  const shown = layer.id === active.id ? ancestors : ancestors.slice(1);
  if (shown.some(({ visible }) => !visible)) {
    return refused(`“${name}” is hidden.`, 'Show it in the Layers panel.');
  }
  // The Background is always partly locked, which keeps nobody from putting a layer above it.
  const isLocked =
    !layer.isBackgroundLayer &&
    (layer.pixelsLocked || ancestors.some(({ allLocked }) => allLocked));
  if (isLocked) return refused(`“${name}” is locked.`, 'Unlock it in the Layers panel.');
  // Photoshop hands such pixels out without their alpha, so the result would cover what is transparent.
  if (layer.transparentPixelsLocked && layer.kind === 'pixel' && !layer.isBackgroundLayer) {
    return refused(
      `The transparency of “${name}” is locked.`,
      'Unlock its transparent pixels in the Layers panel.',
    );
  }
  const bounds = boundsOf(layer.boundsNoEffects);
  if (bounds === null) {
    return refused(`“${name}” is empty.`, 'Choose a layer that has something on it.');
  }
  if (bounds.width < MIN_SIDE || bounds.height < MIN_SIDE) {
    return refused(
      `“${name}” is ${bounds.width} × ${bounds.height} pixels; EmoEditor needs at least ${MIN_SIDE} on each side.`,
      'Choose a larger layer.',
    );
  }
  const selection = selectionWithin(document, bounds);
  if (selection === 'outside') {
    return refused(
      `The selection does not touch “${name}”.`,
      'Deselect, or select a part of the layer.',
    );
  }
  const profile = documentProfile(document.colorProfileName);
  return {
    kind: 'editable',
    layer: {
      documentId: document.id,
      layerId: layer.id,
      kind: hasOwnPixels(layer) ? 'pixels' : 'drawn',
      anchorId: active.id,
      name,
      documentName: document.name,
      bounds,
      depth: document.bitsPerChannel === 'bitDepth16' ? 16 : 8,
      profile: profile.samples,
      selection,
      note: noteOn(document, layer, active, profile.converts),
    },
  };
}

/** The part of the bounds that is selected; null without a selection. */
export function selectionWithin(document: Document, bounds: Bounds): Bounds | 'outside' | null {
  const selected = document.selection?.bounds ?? null;
  const edges = selected === null ? null : boundsOf(selected);
  if (edges === null) return null;
  return intersection(bounds, edges) ?? 'outside';
}

function withAncestors(layer: Layer): Layer[] {
  const chain: Layer[] = [];
  for (let at: Layer | null = layer; at !== null && at !== undefined; at = at.parent) {
    chain.push(at);
    // A top-level layer's parent is the document in some versions; it has no `kind`.
    if (at.parent !== null && at.parent !== undefined && !('kind' in at.parent)) break;
  }
  return chain;
}
