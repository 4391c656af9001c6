/** Address of the first byte that the kernel does not use itself: its coefficients lie before. */
export function firstFree(): usize {
  return __heap_base;
}
