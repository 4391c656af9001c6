/** The border repeats. */
@inline
export function clampIndex(index: i32, count: i32): i32 {
  return max(0, min(count - 1, index));
}
