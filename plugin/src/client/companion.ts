import type {
  CompositePart,
  EditRequestInput,
  ElementPart,
  EmotionVector,
  Extent,
  JobEvent,
  JobState,
  PixelBuffer,
  ServerMessage,
  WireError,
} from '@emoeditor/shared';
import type { CancelSignal } from '../cancellation.ts';
import type { Tile } from '../host/hostPort.ts';

/** The companion server as the panel's use cases see it. */
export interface Companion {
  readonly connection: ConnectionState;
  /** Tells of every change of `connection`. Returns the way to stop. */
  watch(listener: () => void): () => void;
  /** Pairs by the code that the server shows, keeps the key and connects. */
  pair(code: string): Promise<void>;
  /** Looks for the server now instead of after the pause. */
  lookNow(): void;
  /** The only port to look at; null when all are. */
  readonly port: number | null;
  /** Looks for the server on that port alone from now on, or on all. */
  choosePort(port: number | null): void;
  /** @throws ProtocolError, PluginError NOT_CONNECTED, CONNECTION_LOST, TIMEOUT, CANCELLED */
  predict(proxy: PixelBuffer, signal: CancelSignal): Promise<EmotionVector>;
  /**
   * What the layer of an iteration is read as at an intensity, 0 to 1.5.
   * @throws ProtocolError, PluginError NOT_CONNECTED, CONNECTION_LOST, TIMEOUT, CANCELLED
   */
  readLayer(layer: LayerAt, signal: CancelSignal): Promise<EmotionVector>;
  /**
   * One edit from submit to its end, over dropped connections. Aborting the signal cancels the job on the server.
   * @throws ProtocolError when refused or failed, PluginError NOT_CONNECTED, CONNECTION_LOST
   */
  submit(
    edit: EditRequestInput,
    proxy: PixelBuffer,
    observer: JobObserver,
    signal: CancelSignal,
  ): Promise<EndedJob>;
  /** @throws ProtocolError, PluginError NOT_CONNECTED, CONNECTION_LOST, TIMEOUT, CANCELLED */
  openComposite(request: CompositeRequest, signal: CancelSignal): Promise<Composite>;
  /** Lets the server forget a job. */
  release(jobId: string): void;
}

export type ServerIdentity = Omit<
  Extract<ServerMessage, { type: 'welcome' }>,
  'type' | 'credit' | 'renewed'
>;

export type ConnectionState =
  | { readonly kind: 'searching' }
  /** Nothing answers on any port; looking again by itself. */
  | { readonly kind: 'absent' }
  /** The server wants the pairing code; `isRejected` when the one given was wrong. */
  | { readonly kind: 'pairing'; readonly isRejected: boolean }
  | { readonly kind: 'ready'; readonly server: ServerIdentity; readonly port: number }
  /** The server is there and says why it cannot serve this panel. */
  | { readonly kind: 'refused'; readonly error: WireError }
  | { readonly kind: 'closed' };

export interface JobObserver {
  onEvent(event: JobEvent): void;
  /** The picture of an iteration, right after its event. */
  onPreview(index: number, preview: PreviewFile): void;
}

export interface PreviewFile {
  readonly mime: string;
  readonly extent: Extent;
  readonly bytes: Uint8Array;
}

export interface EndedJob {
  readonly jobId: string;
  readonly state: Extract<JobState, { status: 'succeeded' | 'cancelled' }>;
}

export interface LayerAt {
  readonly jobId: string;
  readonly iteration: number;
  /** 0 to 1.5. */
  readonly intensity: number;
  /** Strength of what is added to the scene, 0 to 1. */
  readonly elements?: number;
}

export interface CompositeRequest {
  readonly jobId: string;
  readonly iteration: number;
  /** 0 to 1.5. */
  readonly intensity: number;
  readonly extent: Extent;
  /** Strength of what is added to the scene, 0 to 1 (CM9). */
  readonly elements?: number;
  /** The grade, the content or an element as a layer of its own (CM7, CM9); all in one when left out. */
  readonly part?: CompositePart | ElementPart;
  /** Noise of the photograph (CM8). */
  readonly grain?: number;
}

/** Full-resolution tiles through the compositor, answered in order. */
export interface Composite {
  /** Tiles that may wait for their answer at a time. */
  readonly maxInFlight: number;
  apply(tile: Tile): Promise<Tile>;
  close(): void;
}
