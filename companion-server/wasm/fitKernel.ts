/**
 * The inner loops of the fit in AssemblyScript with SIMD: the arithmetic of `src/compositor/planes.ts`,
 * `fitGrade.ts`, `alignEdit.ts`, `gridMoments.ts`, `solveGrid.ts` and `gradeGrid.ts`, pictures in float32.
 * Built into `src/compositor/fit/fitKernel.wasm` by `npm run build:kernel -w companion-server`.
 *
 * Addresses are in bytes, everything else in elements. A plane is f32, row by row, with 16 bytes of room behind it:
 * rows are written four pixels at a time, and the excess is overwritten by the next row.
 */
export * from './fit/alignment';
export * from './fit/grid';
export * from './fit/planes';
export * from './fit/slice';
export * from './memory';
