import { readFileSync } from 'node:fs';
import { basename } from 'node:path';

/** The part of the WebAssembly API used here; Node's types do not declare it. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: unknown };
};

/** A function of a kernel; its parameters are documented in its source. */
export type Kernel = (...numbers: number[]) => void;

export interface WasmMemory {
  /** Address of the first byte that the kernel does not use itself. */
  readonly firstFree: () => number;
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };
}

/** A kernel in a file of its own, compiled when it is first asked for. */
export class WasmModule {
  readonly #file: URL;
  #module: object | null | undefined;

  constructor(file: URL) {
    this.#file = file;
  }

  /** False exactly where SIMD is missing. */
  get isSupported(): boolean {
    if (this.#module === undefined) {
      const bytes = readFileSync(this.#file);
      try {
        this.#module = new WebAssembly.Module(bytes);
      } catch {
        this.#module = null;
      }
    }
    return this.#module !== null;
  }

  /** A new instance with a memory of its own. */
  start<Exports extends WasmMemory>(): Exports {
    if (!this.isSupported || this.#module == null) {
      throw new Error(
        `Expected WebAssembly with SIMD for ${basename(this.#file.pathname)} but this Node has none here: use a processor with SSE 4.1 or NEON.`,
      );
    }
    return new WebAssembly.Instance(this.#module).exports as Exports;
  }
}

const PAGE = 65536;

/** Allocates in a kernel's memory, after the part that the kernel uses itself. */
export class WasmArena<Exports extends WasmMemory> {
  readonly exports: Exports;
  #next: number;

  constructor(exports: Exports) {
    this.exports = exports;
    this.#next = exports.firstFree();
  }

  get mark(): number {
    return this.#next;
  }

  rewind(mark: number): void {
    this.#next = mark;
  }

  /** Frees everything that `work` allocates. */
  within<Result>(work: () => Result): Result {
    const { mark } = this;
    try {
      return work();
    } finally {
      this.rewind(mark);
    }
  }

  /** Address of `bytes` bytes, 16-byte aligned, followed by spare bytes for the last vector's excess. */
  take(bytes: number): number {
    const address = (this.#next + 15) & ~15;
    this.#next = address + bytes + 16;
    const { memory } = this.exports;
    const missing = this.#next - memory.buffer.byteLength;
    if (missing > 0) memory.grow(Math.ceil(missing / PAGE));
    return address;
  }

  put(values: Float32Array | Int32Array | Uint8Array): number {
    const address = this.take(values.byteLength);
    const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    new Uint8Array(this.exports.memory.buffer, address, bytes.length).set(bytes);
    return address;
  }

  /** Address of `bytes` bytes that are all zero. */
  zeros(bytes: number): number {
    const address = this.take(bytes);
    new Uint8Array(this.exports.memory.buffer, address, bytes).fill(0);
    return address;
  }

  /** A copy of what lies at an address. */
  floats(address: number, count: number): Float32Array {
    // allocUnsafeSlow skips zero-filling and halves the time.
    const { buffer } = Buffer.allocUnsafeSlow(4 * count);
    const copy = new Float32Array(buffer, 0, count);
    this.copyFloats(address, copy);
    return copy;
  }

  /** Copies what lies at an address into a list as long as is wanted. */
  copyFloats(address: number, into: Float32Array): void {
    into.set(new Float32Array(this.exports.memory.buffer, address, into.length));
  }

  bytes(address: number, count: number): Uint8Array {
    return new Uint8Array(this.exports.memory.buffer, address, count).slice();
  }

  integers(address: number, count: number): Int32Array {
    return new Int32Array(this.exports.memory.buffer, address, count).slice();
  }
}
