import type { AbortSignalLike } from './abortSignalLike.ts';
import { attachmentOf } from './attachment.ts';
import type { ClientMessage, ClientMessageInput } from './clientMessages.ts';
import {
  type Decoded,
  decodeClientMessage,
  decodeServerMessage,
  encodeMessage,
  type Refusal,
} from './codec.ts';
import { createFrameReader, type FrameReader } from './frameReader.ts';
import { createFrameWriter, type FrameWriter } from './frameWriter.ts';
import { badMessage, ChannelClosedError, ProtocolError } from './protocolError.ts';
import type { ServerMessage } from './serverMessages.ts';
import type { Transport } from './transport.ts';
import { CLOSE_CODES, INITIAL_CREDIT, MAX_STREAM_BYTES } from './version.ts';

/**
 * Messages with their pixels over one transport. Install the callbacks in the turn in which the channel was made.
 * Credit, checksums and reassembly happen in here; both sides use this very code.
 */
export interface WireChannel<Incoming, Outgoing> {
  /** A message without pixels. Does nothing once closed. */
  send(message: Outgoing): void;
  /**
   * A message and the bytes that belong to it; streams go one after another in the order of the calls.
   * Resolves when all is handed to the transport.
   * @throws the signal's reason when aborted, ChannelClosedError when the connection goes away
   */
  sendWithBytes(
    build: (stream: number) => Outgoing,
    bytes: Uint8Array,
    signal?: AbortSignalLike,
  ): Promise<void>;
  close(code?: number, reason?: string): void;
  readonly isClosed: boolean;
  /** `bytes` is null for messages that carry none. A message with pixels comes when its last byte is there. */
  onMessage: (message: Incoming, bytes: Uint8Array | null) => void;
  /** Called when a message is announced, before its pixels are held: a returned error refuses both. */
  admit: (message: Incoming) => ProtocolError | null;
  /** A message that was not understood or not admitted. The connection lives on. */
  onRefused: (refusal: Refusal) => void;
  /** The other side broke the framing. The transport is closed right after. */
  onFault: (error: ProtocolError) => void;
  onClose: (code: number, reason: string) => void;
}

export interface ChannelOptions {
  readonly transport: Transport;
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** Smaller frames for tests; at most MAX_FRAME_BYTES. */
  readonly maxFrameBytes?: number;
}

/** The panel's end. */
export function createClientChannel(
  options: ChannelOptions,
): WireChannel<ServerMessage, ClientMessageInput> {
  return new Channel(options, decodeServerMessage);
}

/** The companion server's end. */
export function createServerChannel(
  options: ChannelOptions,
): WireChannel<ClientMessage, ServerMessage> {
  return new Channel(options, decodeClientMessage);
}

/** Frames consumed before credit goes back: fewer messages than one per frame, never the whole window. */
const CREDIT_BATCH = 4;

type AnyMessage = ClientMessage | ServerMessage;
type Delivery<Incoming> = { readonly message: Incoming; readonly bytes: Uint8Array | null };

class Channel<Incoming extends AnyMessage, Outgoing extends ClientMessageInput | ServerMessage>
  implements WireChannel<Incoming, Outgoing>
{
  onMessage: (message: Incoming, bytes: Uint8Array | null) => void = () => {};
  admit: (message: Incoming) => ProtocolError | null = () => null;
  onRefused: (refusal: Refusal) => void = () => {};
  onFault: (error: ProtocolError) => void = () => {};
  onClose: (code: number, reason: string) => void = () => {};

  readonly #transport: Transport;
  readonly #decode: (text: string) => Decoded<Incoming>;
  readonly #reader: FrameReader;
  readonly #writer: FrameWriter;
  /** Messages announced whose bytes are on their way, by stream. */
  readonly #waiting = new Map<number, Incoming>();
  #closed: ChannelClosedError | null = null;
  #lastStream = 0;
  #consumed = 0;
  /** Credit for the other side's frames that we have granted. */
  #window = INITIAL_CREDIT;
  #queue: Promise<unknown> = Promise.resolve();

  constructor(options: ChannelOptions, decode: (text: string) => Decoded<Incoming>) {
    this.#transport = options.transport;
    this.#decode = decode;
    this.#reader = createFrameReader();
    this.#writer = createFrameWriter(options);
    this.#transport.onMessage = (data) => this.#receive(data);
    this.#transport.onClose = (code, reason) => {
      this.#end(code, reason);
      this.onClose(code, reason);
    };
  }

  get isClosed(): boolean {
    return this.#closed !== null;
  }

  send(message: Outgoing): void {
    if (this.#closed !== null) return;
    if (message.type === 'hello' || message.type === 'welcome') {
      this.#window = message.credit ?? INITIAL_CREDIT;
    }
    this.#transport.send(encodeMessage(message));
  }

  sendWithBytes(
    build: (stream: number) => Outgoing,
    bytes: Uint8Array,
    signal?: AbortSignalLike,
  ): Promise<void> {
    const sent = this.#queue.then(async () => {
      if (this.#closed !== null) throw this.#closed;
      if (signal?.aborted) throw signal.reason;
      this.#lastStream += 1;
      const stream = this.#lastStream;
      this.#transport.send(encodeMessage(build(stream)));
      await this.#writer.write(stream, bytes, signal);
    });
    this.#queue = sent.catch(() => {});
    return sent;
  }

  close(code: number = CLOSE_CODES.normal, reason = ''): void {
    this.#end(code, reason);
    this.#transport.close(code, reason);
  }

  #end(code: number, reason: string): void {
    this.#closed ??= new ChannelClosedError(code, reason);
    this.#waiting.clear();
    this.#writer.close(this.#closed);
  }

  #receive(data: string | Uint8Array): void {
    if (this.#closed !== null) return;
    let delivery: Delivery<Incoming> | null;
    try {
      delivery = typeof data === 'string' ? this.#receiveText(data) : this.#receiveFrame(data);
    } catch (error) {
      // Whatever else went wrong in reading what came, the connection cannot be trusted either.
      const fault = error instanceof ProtocolError ? error : badMessage(String(error));
      this.onFault(fault);
      this.close(CLOSE_CODES.protocolError, fault.code);
      return;
    }
    if (delivery !== null) this.onMessage(delivery.message, delivery.bytes);
  }

  #receiveText(text: string): Delivery<Incoming> | null {
    const decoded = this.#decode(text);
    if (decoded.kind === 'refused') {
      this.#refuse(decoded.refusal);
      return null;
    }
    const { message } = decoded;
    if (message.type === 'credit') {
      this.#writer.grant(message.frames);
      return null;
    }
    if (message.type === 'hello' || message.type === 'welcome') this.#writer.grant(message.credit);
    const attachment = attachmentOf(message);
    const error = this.admit(message) ?? (attachment && tooLarge(attachment.bytes));
    if (error !== null) {
      this.#refuse({ error, ...owner(message), ...(attachment && { stream: attachment.stream }) });
      return null;
    }
    if (attachment === null) return { message, bytes: null };
    this.#reader.expect(attachment.stream, attachment.bytes);
    this.#waiting.set(attachment.stream, message);
    return null;
  }

  #receiveFrame(frame: Uint8Array): Delivery<Incoming> | null {
    const outcome = this.#reader.accept(frame);
    if (outcome.kind !== 'aborted') this.#giveCredit(outcome.kind !== 'partial');
    if (outcome.kind === 'partial') return null;
    const message = this.#waiting.get(outcome.stream);
    this.#waiting.delete(outcome.stream);
    if (outcome.kind !== 'complete' || message === undefined) return null;
    return { message, bytes: outcome.bytes };
  }

  #giveCredit(isStreamOver: boolean): void {
    this.#consumed += 1;
    // With a window smaller than a batch both sides would wait for each other.
    const batch = Math.min(CREDIT_BATCH, this.#window);
    if (this.#consumed < batch && !isStreamOver) return;
    this.#transport.send(encodeMessage({ type: 'credit', frames: this.#consumed }));
    this.#consumed = 0;
  }

  #refuse(refusal: Refusal): void {
    if (refusal.stream !== undefined) this.#reader.discard(refusal.stream);
    this.onRefused(refusal);
  }
}

function tooLarge(bytes: number | null): ProtocolError | null {
  if (bytes === null || bytes <= MAX_STREAM_BYTES) return null;
  return badMessage(
    `Expected at most ${MAX_STREAM_BYTES} bytes of pixels but ${bytes} were announced.`,
  );
}

function owner(message: AnyMessage): Omit<Refusal, 'error' | 'stream'> {
  return {
    ...('requestId' in message && message.requestId !== undefined
      ? { requestId: message.requestId }
      : {}),
    ...('jobId' in message && message.jobId !== undefined ? { jobId: message.jobId } : {}),
    ...('compositeId' in message && message.compositeId !== undefined
      ? { compositeId: message.compositeId }
      : {}),
  };
}
