export interface BlobOptions {
  readonly type: string;
  readonly width?: number;
  readonly height?: number;
  readonly components?: number;
  readonly componentSize?: number;
}

/** `ImageBlob` and object URLs, in UXP since 7.0 (image-blob.md); `alive` counts the URLs that were not revoked. */
export function imageBlobs() {
  const addresses = new Map<string, ArrayBuffer>();
  let last = 0;
  class ImageBlob {
    readonly buffer: ArrayBuffer;
    constructor(buffer: ArrayBuffer, options: BlobOptions) {
      // The plugin's buffers are of another realm where the fake runs outside of its scope.
      if (Object.prototype.toString.call(buffer) !== '[object ArrayBuffer]') {
        throw new TypeError('ImageBlob takes an ArrayBuffer.');
      }
      if (options.type === 'image/uncompressed') {
        const { width = 0, height = 0, components = 0, componentSize = 0 } = options;
        const expected = (width * height * components * componentSize) / 8;
        if (expected === 0 || buffer.byteLength !== expected) {
          throw new Error(`Expected ${expected} bytes but received ${buffer.byteLength}.`);
        }
      }
      this.buffer = buffer;
    }
  }
  return {
    ImageBlob,
    URL: {
      createObjectURL(blob: ImageBlob): string {
        last += 1;
        const address = `blob:${last}`;
        addresses.set(address, blob.buffer);
        return address;
      },
      revokeObjectURL: (address: string): void => void addresses.delete(address),
    },
    /** Pixels, or the file, behind a URL; undefined once it was revoked. */
    bytesOf: (address: string): Uint8Array | undefined => {
      const buffer = addresses.get(address);
      return buffer && new Uint8Array(buffer);
    },
    alive: (): number => addresses.size,
  };
}
