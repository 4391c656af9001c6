/** Eight-bit RGBA with straight alpha, row by row: the shape of `ImageData`, in any run time. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly rgba: Uint8ClampedArray;
}

export interface StudioLayer {
  readonly id: number;
  readonly name: string;
  /** Photoshop's word: `pixel`, `group`, `smartObject`, `text` … */
  readonly kind: string;
  readonly isVisible: boolean;
  /** 0 to 100. */
  readonly opacity: number;
  readonly isActive: boolean;
  /** How many groups it lies in. */
  readonly depth: number;
  /** Fits into a square with this side; null where there is nothing to see. */
  thumbnail(side: number): Picture | null;
  /** The layer mask, white where the layer shows; null without a mask. */
  maskThumbnail(side: number): Picture | null;
  setVisible(isVisible: boolean): void;
  setOpacity(percent: number): void;
  select(): void;
  /** Takes it into the selected layers, or out of them. */
  toggle(): void;
}

export interface StudioHistory {
  /** Oldest first. */
  readonly states: readonly string[];
  /** Index of the state that is shown; later ones are undone. */
  readonly current: number;
  undo(): void;
  redo(): void;
  goTo(index: number): void;
}

/** In pixels of the document; `right` and `bottom` are outside. */
export interface Area {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** Work that holds the whole document, as Photoshop shows it after a moment. */
export interface ModalProgress {
  readonly title: string;
  /** 0 to 1; null while nobody knows. */
  readonly value: number | null;
  cancel(): void;
}

/** What the studio's views show and change; the stand-in for Photoshop serves it. */
export interface StudioDocument {
  /** Empty as long as no document is open. */
  readonly name: string;
  /** Top layer first, groups before what lies in them. */
  readonly layers: readonly StudioLayer[];
  readonly history: StudioHistory;
  readonly modal: ModalProgress | null;
  /** What the selection reaches over; null without one. */
  readonly selection: Area | null;
  /** Selects a rectangle; null deselects. */
  select(area: Area | null): void;
  /** Everything visible on top of one another; null without a document. */
  flatten(): Picture | null;
  /** Called after every change, of pixels or of state. Returns the way to stop listening. */
  onChange(listener: () => void): () => void;
}
