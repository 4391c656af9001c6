/**
 * The arithmetic on whole pictures between two networks, in AssemblyScript with SIMD; `src/tensor/pictureKernel.ts`
 * lays the memory out. Built into `src/tensor/pictureKernel.wasm` by `npm run build:kernel -w companion-server`.
 *
 * Addresses are in bytes, everything else in elements. A plane is f32, row by row, with 16 bytes of room behind it:
 * values are taken four at a time, and what hangs over is never read.
 */
export * from './picture/clamp';
export * from './picture/similarity';
export * from './picture/squash';
