/**
 * One ordered, reliable connection. Install the callbacks before anything can arrive: in the same turn in which
 * the transport was handed over. After `close`, or once the other side is gone, `send` does nothing.
 */
export interface Transport {
  send(message: string | Uint8Array): void;
  /** Bytes accepted by `send` and not yet given to the network. */
  readonly bufferedAmount: number;
  close(code?: number, reason?: string): void;
  onMessage: (message: string | Uint8Array) => void;
  /** Called once, whichever side closed. */
  onClose: (code: number, reason: string) => void;
}
