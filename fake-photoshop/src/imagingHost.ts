import type { ColourSpace } from './colour.ts';
import type { LayerContent } from './content.ts';
import type { Edges } from './edges.ts';
import type { ImageData, ImageLedger } from './imageData.ts';
import type { ModalHost } from './modalHost.ts';
import type { DocumentModel } from './model.ts';
import { PhotoshopError } from './photoshopError.ts';
import type { Depth } from './raster.ts';

/** Right and bottom, or width and height (imaging.md, "sourceBounds"). */
export type Region = Pick<Edges, 'left' | 'top'> &
  (Pick<Edges, 'right' | 'bottom'> | { readonly width: number; readonly height: number });

export interface GetOptions {
  readonly documentID?: number;
  readonly layerID?: number;
  readonly sourceBounds?: Region;
  readonly targetSize?: { readonly width?: number; readonly height?: number };
  readonly colorSpace?: ColourSpace['name'];
  readonly colorProfile?: string;
  readonly componentSize?: -1 | Depth;
}

export interface PutOptions {
  readonly documentID?: number;
  readonly layerID: number;
  readonly imageData: ImageData;
  readonly replace?: boolean;
  readonly targetBounds?: Pick<Edges, 'left' | 'top'>;
}

export interface ImagingHost {
  documentOf(id: number | undefined): DocumentModel;
  readonly modal: ModalHost;
  readonly ledger: ImageLedger;
  /** Preferences › Performance › Cache Levels: how many halved copies there are, the full one included. */
  readonly cacheLevels: number;
  /** What reading a region without any pixels does: undocumented. */
  readonly emptyReads: 'empty' | 'reject';
  /** Whether pixels of a layer may be read outside a modal scope: undocumented. */
  readonly freeReads: boolean;
}

export const edgesOfRegion = (region: Region): Edges =>
  'right' in region
    ? region
    : {
        left: region.left,
        top: region.top,
        right: region.left + region.width,
        bottom: region.top + region.height,
      };

/** @throws PhotoshopError */
export function layerOf(document: DocumentModel, id: number | undefined): LayerContent {
  const layer = id === undefined ? null : document.layer(id);
  if (layer !== null) return layer;
  throw new PhotoshopError(`The layer ${id} does not exist in “${document.facts.name}”.`);
}
