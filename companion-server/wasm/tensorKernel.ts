/**
 * The arithmetic between two networks, in AssemblyScript with SIMD; `src/tensor/tensorKernel.ts` lays the memory out.
 * Built into `src/tensor/tensorKernel.wasm` by `npm run build:kernel -w companion-server`.
 *
 * Addresses are in bytes, everything else in elements. A plane is f32, row by row, with 16 bytes of room behind it:
 * values are processed four at a time, and the excess is never read.
 */
export * from './memory';
export * from './tensor/bytes';
export * from './tensor/combine';
export * from './tensor/noise';
export * from './tensor/similarity';
export * from './tensor/squash';
