import {
  createClientChannel,
  normalisePairingCode,
  parsePairingKey,
  SERVER_PORTS,
  type ServerMessage,
  type WireError,
} from '@emoeditor/shared';
import { type Clock, sleep } from '../clock.ts';
import type { SettingsStore } from '../host/settingsStore.ts';
import type { TokenStore } from '../host/tokenStore.ts';
import type { ConnectionState } from './companion.ts';
import {
  type ClientChannel,
  type HandshakeOutcome,
  type Introduction,
  shakeHands,
} from './handshake.ts';
import { keepAlive } from './keepAlive.ts';
import type { OpenTransport } from './openTransport.ts';
import { portOf, portsToTry, reconnectDelayMs } from './reconnectPolicy.ts';

export interface LinkOptions {
  readonly open: OpenTransport;
  readonly tokens: TokenStore;
  readonly settings: SettingsStore;
  readonly clock: Clock;
  readonly client: { readonly name: string; readonly version: string };
}

const PORT_KEY = 'port';
const FIXED_PORT_KEY = 'fixedPort';
/** A server that is there but cannot serve is asked again this often, in case it was mended. */
const REFUSED_PAUSE_MS = 8_000;

/** Keeps one connection to the server: finds it, shakes hands, notices its end and begins again. */
export class CompanionLink {
  onState: () => void = () => {};
  onMessage: (message: ServerMessage, bytes: Uint8Array | null) => void = () => {};

  readonly #options: LinkOptions;
  #state: ConnectionState = { kind: 'searching' };
  #channel: ClientChannel | null = null;
  #isStopped = false;
  /** A typed code that no server has accepted or refused yet. */
  #code: Introduction['code'] = null;
  #wake: () => void = () => {};

  constructor(options: LinkOptions) {
    this.#options = options;
  }

  get state(): ConnectionState {
    return this.#state;
  }

  /** Null while not ready. */
  get channel(): ClientChannel | null {
    return this.#channel;
  }

  start(): void {
    void this.#look();
  }

  /** Pairs by that code with the first server that knows it. */
  async pair(code: string, kind: 'typed' | 'link' = 'typed'): Promise<void> {
    this.#code = { kind, text: normalisePairingCode(code) };
    this.lookNow();
  }

  /** The only port to look at; null when all are. */
  get port(): number | null {
    return portOf(this.#options.settings.read(FIXED_PORT_KEY));
  }

  /** Looks for the server on that port alone from now on, or on all. */
  choosePort(port: number | null): void {
    this.#options.settings.write(FIXED_PORT_KEY, port === null ? '' : String(port));
    this.#channel?.close();
    this.lookNow();
  }

  lookNow(): void {
    if (this.#channel !== null || this.#isStopped) return;
    this.#become({ kind: 'searching' });
    this.#wake();
  }

  stop(): void {
    this.#isStopped = true;
    this.#channel?.close();
    this.#become({ kind: 'closed' });
    this.#wake();
  }

  async #look(): Promise<void> {
    const { tokens, settings } = this.#options;
    let attempt = 0;
    while (!this.#isStopped) {
      const where = { fixed: settings.read(FIXED_PORT_KEY), last: settings.read(PORT_KEY) };
      let found: HandshakeOutcome['kind'] = 'silent';
      let refused: ConnectionState | null = null;
      let tried: Introduction['code'] = null;
      for (const port of portsToTry(where, SERVER_PORTS)) {
        // Read anew for each: a server that pairs and then takes its time has used the code up.
        const kept = await tokens.read();
        const code = this.#code ?? linkCode(kept);
        const outcome = await this.#tryPort(port, { pairing: parsePairingKey(kept), code });
        if (this.#isStopped) return;
        found = outcome.kind;
        // Another server may be the one that knows this panel.
        if (outcome.kind === 'error') {
          refused ??= refusal(outcome.error, code !== null);
          tried = code ?? tried;
        }
        if (outcome.kind === 'welcome') break;
      }
      // A server has refused the code, so drop it; a code that no server has seen is kept for one that starts later.
      if (tried !== null && found !== 'welcome') await this.#dropCode(tried);
      if (found !== 'welcome' && refused !== null) {
        found = 'error';
        this.#become(refused);
        await this.#pause(refused.kind === 'pairing' ? null : REFUSED_PAUSE_MS);
      } else if (found === 'silent') {
        this.#become({ kind: 'absent' });
        await this.#pause(reconnectDelayMs(attempt));
      }
      attempt = found === 'silent' ? attempt + 1 : 0;
    }
  }

  async #dropCode(code: NonNullable<Introduction['code']>): Promise<void> {
    if (code === this.#code) this.#code = null;
    if (code.kind === 'link') await this.#options.tokens.clear();
  }

  /** Resolves when the connection that was made, if any, has ended. */
  async #tryPort(
    port: number,
    known: Pick<Introduction, 'pairing' | 'code'>,
  ): Promise<HandshakeOutcome> {
    const { open, clock, client, settings, tokens } = this.#options;
    let channel: ClientChannel;
    let answer: Promise<HandshakeOutcome>;
    try {
      const transport = await open(port);
      channel = createClientChannel({ transport, sleep: (ms) => sleep(clock, ms) });
      const keep = (key: string) => {
        this.#code = null;
        return tokens.write(key);
      };
      answer = shakeHands(channel, { ...client, ...known, keep }, clock);
    } catch {
      return { kind: 'silent' };
    }
    const outcome = await answer;
    if (outcome.kind === 'welcome') {
      settings.write(PORT_KEY, String(port));
      await this.#serve(channel, { kind: 'ready', server: outcome.server, port });
    } else {
      channel.close();
    }
    return outcome;
  }

  async #serve(channel: ClientChannel, ready: ConnectionState): Promise<void> {
    if (this.#isStopped || channel.isClosed) return channel.close();
    const alive = keepAlive(channel, this.#options.clock);
    const ended = new Promise<void>((resolve) => {
      channel.onClose = () => resolve();
    });
    channel.onFault = () => {};
    channel.onMessage = (message, bytes) => {
      if (message.type === 'pong') alive.heard();
      else this.onMessage(message, bytes);
    };
    this.#channel = channel;
    this.#become(ready);
    await ended;
    alive.stop();
    this.#channel = null;
    if (!this.#isStopped) this.#become({ kind: 'searching' });
  }

  /** Waits for a nudge (a new code, the retry button), at most that long; for ever when null. */
  #pause(milliseconds: number | null): Promise<void> {
    return new Promise((resolve) => {
      const stop =
        milliseconds === null ? () => {} : this.#options.clock.after(milliseconds, resolve);
      this.#wake = () => {
        stop();
        resolve();
      };
    });
  }

  #become(next: ConnectionState): void {
    this.#state = next;
    this.onState();
  }
}

function refusal(error: WireError, hadCode: boolean): ConnectionState {
  return error.code === 'UNAUTHORISED'
    ? { kind: 'pairing', isRejected: hadCode }
    : { kind: 'refused', error };
}

/** The studio leaves the code of its address where the key will be kept. */
function linkCode(kept: string | null): Introduction['code'] {
  const [, text] = /^link:([0-9A-Z]+)$/.exec(kept ?? '') ?? [];
  return text === undefined ? null : { kind: 'link', text };
}
