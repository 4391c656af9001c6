/**
 * Random numbers that are the same to the bit on every machine: whole numbers and + − × ÷ √ alone, which IEEE 754
 * fixes. Logarithms, sines and cosines may differ in the last bit, and so would every picture made with them.
 */

const ROUNDS = 10;
const MULTIPLIER_0: u64 = 0xd2511f53;
const MULTIPLIER_1: u64 = 0xcd9e8d57;
const WEYL_0: u32 = 0x9e3779b9;
const WEYL_1: u32 = 0xbb67ae85;

/**
 * Philox4x32-10: a counter-based generator (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011).
 * Any block of any stream can be had without the ones before it, so every candidate of every iteration has a
 * stream of its own and a result does not depend on the order or the batch in which things were computed.
 * `out`: four u32 for a counter of four words and a key of two.
 */
export function philox(c0: u32, c1: u32, c2: u32, c3: u32, k0: u32, k1: u32, out: usize): void {
  v128.store(out, words(c0, c1, c2, c3, k0, k1));
}

@inline
function words(c0: u32, c1: u32, c2: u32, c3: u32, k0: u32, k1: u32): v128 {
  for (let round = 0; round < ROUNDS; round++) {
    const product0 = MULTIPLIER_0 * <u64>c0;
    const product1 = MULTIPLIER_1 * <u64>c2;
    c0 = <u32>(product1 >> 32) ^ c1 ^ k0;
    c1 = <u32>product1;
    c2 = <u32>(product0 >> 32) ^ c3 ^ k1;
    c3 = <u32>product0;
    k0 += WEYL_0;
    k1 += WEYL_1;
  }
  const first = i32x4.replace_lane(i32x4.splat(c0), 1, c1);
  return i32x4.replace_lane(i32x4.replace_lane(first, 2, c2), 3, c3);
}

/**
 * Standard normal numbers; number i is made of word i of the stream alone. `out` has room up to the next multiple of
 * four, and so has `aside`, where the addresses of the one in seven that lies in a tail are kept.
 */
export function gaussian(
  out: usize,
  aside: usize,
  count: i32,
  iteration: u32,
  candidate: u32,
  purpose: u32,
  seed: u32,
): void {
  const end = out + ((<usize>count) << 2);
  let next = aside;
  for (let block: u32 = 0; out < end; block++) {
    const four = words(block, iteration, candidate, purpose, seed, 0);
    next = storeCentral(four, out, next);
    next = storeCentral(v128.shuffle<i64>(four, four, 1, 0), out + 8, next);
    out += 16;
  }
  if (next === aside) return;
  // For an odd number of tail values the last one is computed twice.
  store<u32>(next, load<u32>(next - 4));
  for (let entry = aside; entry < next; entry += 8) {
    storeTails(load<u32>(entry), load<u32>(entry, 4));
  }
}

/**
 * Replaces two words by normal numbers, except words in a tail, whose addresses are written to `aside`. Branch-free,
 * because the branch would be unpredictable.
 * @returns where the next address goes
 */
@inline
function storeCentral(words: v128, out: usize, aside: usize): usize {
  const centred = f64x2.sub(probability(words), f64x2.splat(0.5));
  const isTail = f64x2.gt(f64x2.abs(centred), f64x2.splat(CENTRAL));
  const normals = f32x4.demote_f64x2_zero(central(centred));
  const mask = v128.shuffle<i32>(isTail, isTail, 0, 2, 0, 2);
  v128.store64_lane(out, v128.bitselect(words, normals, mask), 0);
  const tails = i64x2.bitmask(isTail);
  store<u32>(aside, <u32>out);
  aside += (tails & 1) << 2;
  store<u32>(aside, <u32>(out + 4));
  return aside + ((tails & 2) << 1);
}

/** Replaces two words in the tails by normal numbers. */
@inline
function storeTails(first: usize, second: usize): void {
  const p = probability(i32x4(load<u32>(first), load<u32>(second), 0, 0));
  const normals = f32x4.demote_f64x2_zero(tails(p));
  v128.store32_lane(first, normals, 0);
  v128.store32_lane(second, normals, 1);
}

/** (word + ½) / 2³² of the first two words: never 0 or 1, where the quantile is infinite. */
@inline
function probability(words: v128): v128 {
  const shifted = f64x2.add(f64x2.convert_low_i32x4_u(words), f64x2.splat(0.5));
  return f64x2.mul(shifted, f64x2.splat(1.0 / 4294967296.0));
}

/** Distance from ½ up to which the central rational approximation is used. */
const CENTRAL: f64 = 0.425;

/**
 * z with Φ(z) = p, for p from 2e-11 to 1 − 2e-11, beyond which no word lies: Wichura's AS 241 (PPND16, Applied
 * Statistics 37, 1988), about 1e-16. Coefficients from the highest power down, as Horner's rule takes them.
 */
export function normalQuantile(p: f64): f64 {
  const centred = p - 0.5;
  const z = Math.abs(centred) <= CENTRAL ? central(f64x2.splat(centred)) : tails(f64x2.splat(p));
  return f64x2.extract_lane(z, 0);
}

const CENTRAL_TOP = memory.data<f64>([
  2509.0809287301227, 33430.57558358813, 67265.7709270087, 45921.95393154987,
  13731.69376550946, 1971.5909503065513, 133.14166789178438, 3.3871328727963665,
]);
const CENTRAL_BOTTOM = memory.data<f64>([
  5226.495278852854, 28729.085735721943, 39307.89580009271, 21213.794301586597,
  5394.196021424751, 687.1870074920579, 42.31333070160091, 1,
]);
const TAIL_TOP = memory.data<f64>([
  0.0007745450142783414, 0.022723844989269184, 0.2417807251774506, 1.2704582524523684,
  3.6478483247632045, 5.769497221460691, 4.630337846156546, 1.4234371107496835,
]);
const TAIL_BOTTOM = memory.data<f64>([
  1.0507500716444169e-9, 0.0005475938084995345, 0.015198666563616457, 0.14810397642748008,
  0.6897673349851, 1.6763848301838038, 2.053191626637759, 1,
]);

/** Horner's rule for two numbers at once; coefficients are read from memory as operands of the additions. */
@inline
function horner8(x: v128, coefficients: usize): v128 {
  let sum = v128.load64_splat(coefficients);
  sum = f64x2.add(f64x2.mul(sum, x), v128.load64_splat(coefficients, 8));
  sum = f64x2.add(f64x2.mul(sum, x), v128.load64_splat(coefficients, 16));
  sum = f64x2.add(f64x2.mul(sum, x), v128.load64_splat(coefficients, 24));
  sum = f64x2.add(f64x2.mul(sum, x), v128.load64_splat(coefficients, 32));
  sum = f64x2.add(f64x2.mul(sum, x), v128.load64_splat(coefficients, 40));
  sum = f64x2.add(f64x2.mul(sum, x), v128.load64_splat(coefficients, 48));
  return f64x2.add(f64x2.mul(sum, x), v128.load64_splat(coefficients, 56));
}

/** Quantiles at ½ + c, two at a time. */
@inline
function central(c: v128): v128 {
  const r = f64x2.sub(f64x2.splat(0.180625), f64x2.mul(c, c));
  const top = horner8(r, CENTRAL_TOP);
  const bottom = horner8(r, CENTRAL_BOTTOM);
  return f64x2.div(f64x2.mul(c, top), bottom);
}

/** Quantiles of what lies in the tails, two at a time. */
@inline
function tails(p: v128): v128 {
  const isUpper = f64x2.gt(p, f64x2.splat(0.5));
  const outwards = v128.bitselect(f64x2.sub(f64x2.splat(1), p), p, isUpper);
  const r = f64x2.sub(f64x2.sqrt(f64x2.neg(lnBelowOne(outwards))), f64x2.splat(1.6));
  const top = horner8(r, TAIL_TOP);
  const bottom = horner8(r, TAIL_BOTTOM);
  const z = f64x2.div(top, bottom);
  return v128.bitselect(z, f64x2.neg(z), isUpper);
}

/** Natural logarithms of two 0 < x < 1 from exact operations only. */
@inline
function lnBelowOne(x: v128): v128 {
  // x = mantissa / 2^halvings with √½ ≤ mantissa < √2, read off the bits of a double.
  const exponents = i64x2.shr_u(x, 52);
  const whole = f64x2.convert_low_i32x4_s(v128.shuffle<i32>(exponents, exponents, 0, 2, 0, 2));
  const bits = v128.and(x, i64x2.splat(0xfffffffffffff));
  const mantissa = v128.or(bits, i64x2.splat(0x3ff0000000000000));
  const isLarge = f64x2.ge(mantissa, f64x2.splat(2 * Math.SQRT1_2));
  const one = f64x2.splat(1);
  const halvings = f64x2.sub(f64x2.sub(f64x2.splat(1023), whole), v128.and(one, isLarge));
  const m = v128.bitselect(f64x2.mul(mantissa, f64x2.splat(0.5)), mantissa, isLarge);
  // ln m = 2 artanh((m − 1)/(m + 1)); |s| ≤ 0.172, so thirteen terms reach double precision.
  const s = f64x2.div(f64x2.sub(m, one), f64x2.add(m, one));
  const square = f64x2.mul(s, s);
  let series = f64x2.splat(1.0 / 25.0);
  series = f64x2.add(f64x2.mul(series, square), f64x2.splat(1.0 / 23.0));
  series = f64x2.add(f64x2.mul(series, square), f64x2.splat(1.0 / 21.0));
  series = f64x2.add(f64x2.mul(series, square), f64x2.splat(1.0 / 19.0));
  series = f64x2.add(f64x2.mul(series, square), f64x2.splat(1.0 / 17.0));
  series = f64x2.add(f64x2.mul(series, square), f64x2.splat(1.0 / 15.0));
  series = f64x2.add(f64x2.mul(series, square), f64x2.splat(1.0 / 13.0));
  series = f64x2.add(f64x2.mul(series, square), f64x2.splat(1.0 / 11.0));
  series = f64x2.add(f64x2.mul(series, square), f64x2.splat(1.0 / 9.0));
  series = f64x2.add(f64x2.mul(series, square), f64x2.splat(1.0 / 7.0));
  series = f64x2.add(f64x2.mul(series, square), f64x2.splat(1.0 / 5.0));
  series = f64x2.add(f64x2.mul(series, square), f64x2.splat(1.0 / 3.0));
  series = f64x2.add(f64x2.mul(series, square), f64x2.splat(1));
  const twice = f64x2.mul(f64x2.splat(2), s);
  return f64x2.sub(f64x2.mul(twice, series), f64x2.mul(halvings, f64x2.splat(Math.LN2)));
}
