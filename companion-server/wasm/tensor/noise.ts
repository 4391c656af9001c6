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
  store<u32>(out, c0);
  store<u32>(out, c1, 4);
  store<u32>(out, c2, 8);
  store<u32>(out, c3, 12);
}

/**
 * Standard normal numbers; number i is made of word i of the stream alone. `out` has room up to the next multiple of
 * four.
 */
export function gaussian(
  out: usize,
  count: i32,
  iteration: u32,
  candidate: u32,
  purpose: u32,
  seed: u32,
): void {
  const end = out + ((<usize>count) << 2);
  for (let block: u32 = 0; out < end; block++) {
    philox(block, iteration, candidate, purpose, seed, 0, out);
    storeNormals(out, load<u32>(out), load<u32>(out, 4));
    storeNormals(out + 8, load<u32>(out, 8), load<u32>(out, 12));
    out += 16;
  }
}

/** Normal numbers of two words: side by side in the middle, where six in seven lie, else each on its own. */
function storeNormals(out: usize, first: u32, second: u32): void {
  // (word + ½) / 2³²: never 0 or 1, where the quantile is infinite.
  const words = f64x2(<f64>first, <f64>second);
  const p = f64x2.mul(f64x2.add(words, f64x2.splat(0.5)), f64x2.splat(1.0 / 4294967296.0));
  const centred = f64x2.sub(p, f64x2.splat(0.5));
  let z = central(centred);
  const outside = i64x2.bitmask(f64x2.gt(f64x2.abs(centred), f64x2.splat(CENTRAL)));
  if (outside & 1) z = f64x2.replace_lane(z, 0, normalQuantile(f64x2.extract_lane(p, 0)));
  if (outside & 2) z = f64x2.replace_lane(z, 1, normalQuantile(f64x2.extract_lane(p, 1)));
  v128.store64_lane(out, f32x4.demote_f64x2_zero(z), 0);
}

/** Distance from ½ up to which one quotient of polynomials serves. */
const CENTRAL: f64 = 0.425;

/**
 * z with Φ(z) = p, for 0 < p < 1: Wichura's AS 241 (PPND16, Applied Statistics 37, 1988), about 1e-16. Coefficients
 * from the highest power down, as Horner's rule takes them.
 */
export function normalQuantile(p: f64): f64 {
  const centred = p - 0.5;
  if (Math.abs(centred) <= CENTRAL) {
    return f64x2.extract_lane(central(f64x2.splat(centred)), 0);
  }
  const r = Math.sqrt(-lnBelowOne(centred < 0 ? p : 1 - p));
  const z = r <= 5 ? tail(r - 1.6) : farTail(r - 5);
  return centred < 0 ? -z : z;
}

/** Horner's rule, two polynomials at a time: sum · x + coefficient. */
@inline
function hornerStep(sum: v128, x: v128, coefficient: f64): v128 {
  return f64x2.add(f64x2.mul(sum, x), f64x2.splat(coefficient));
}

/** Quantiles at ½ + c, two at a time. */
@inline
function central(c: v128): v128 {
  const r = f64x2.sub(f64x2.splat(0.180625), f64x2.mul(c, c));
  let top = f64x2.splat(2509.0809287301227);
  top = hornerStep(top, r, 33430.57558358813);
  top = hornerStep(top, r, 67265.7709270087);
  top = hornerStep(top, r, 45921.95393154987);
  top = hornerStep(top, r, 13731.69376550946);
  top = hornerStep(top, r, 1971.5909503065513);
  top = hornerStep(top, r, 133.14166789178438);
  top = hornerStep(top, r, 3.3871328727963665);
  let bottom = f64x2.splat(5226.495278852854);
  bottom = hornerStep(bottom, r, 28729.085735721943);
  bottom = hornerStep(bottom, r, 39307.89580009271);
  bottom = hornerStep(bottom, r, 21213.794301586597);
  bottom = hornerStep(bottom, r, 5394.196021424751);
  bottom = hornerStep(bottom, r, 687.1870074920579);
  bottom = hornerStep(bottom, r, 42.31333070160091);
  bottom = hornerStep(bottom, r, 1);
  return f64x2.div(f64x2.mul(c, top), bottom);
}

function tail(r: f64): f64 {
  const top = horner(
    r, 0.0007745450142783414, 0.022723844989269184, 0.2417807251774506, 1.2704582524523684,
    3.6478483247632045, 5.769497221460691, 4.630337846156546, 1.4234371107496835,
  );
  const bottom = horner(
    r, 1.0507500716444169e-9, 0.0005475938084995345, 0.015198666563616457, 0.14810397642748008,
    0.6897673349851, 1.6763848301838038, 2.053191626637759, 1,
  );
  return top / bottom;
}

function farTail(r: f64): f64 {
  const top = horner(
    r, 2.0103343992922881e-7, 2.7115555687434876e-5, 0.0012426609473880784, 0.026532189526576124,
    0.29656057182850487, 1.7848265399172913, 5.463784911164114, 6.657904643501103,
  );
  const bottom = horner(
    r, 2.0442631033899397e-15, 1.421511758316446e-7, 1.8463183175100548e-5, 0.0007868691311456133,
    0.014875361290850615, 0.1369298809227358, 0.599832206555888, 1,
  );
  return top / bottom;
}

@inline
function horner(
  x: f64,
  c0: f64,
  c1: f64,
  c2: f64,
  c3: f64,
  c4: f64,
  c5: f64,
  c6: f64,
  c7: f64,
): f64 {
  return ((((((c0 * x + c1) * x + c2) * x + c3) * x + c4) * x + c5) * x + c6) * x + c7;
}

/** Natural logarithm of 0 < x < 1 from exact operations only. */
function lnBelowOne(x: f64): f64 {
  // x = mantissa / 2^halvings with √½ ≤ mantissa < √2, read off the bits of a double.
  const bits = reinterpret<u64>(x);
  let halvings = <f64>(1023 - <i32>(bits >> 52));
  let mantissa = reinterpret<f64>((bits & 0xfffffffffffff) | 0x3ff0000000000000);
  if (mantissa >= 2 * Math.SQRT1_2) {
    mantissa /= 2;
    halvings -= 1;
  }
  // ln m = 2 artanh((m − 1)/(m + 1)); |s| ≤ 0.172, so thirteen terms reach double precision.
  const s = (mantissa - 1) / (mantissa + 1);
  const square = s * s;
  let series: f64 = 1.0 / 25.0;
  series = series * square + 1.0 / 23.0;
  series = series * square + 1.0 / 21.0;
  series = series * square + 1.0 / 19.0;
  series = series * square + 1.0 / 17.0;
  series = series * square + 1.0 / 15.0;
  series = series * square + 1.0 / 13.0;
  series = series * square + 1.0 / 11.0;
  series = series * square + 1.0 / 9.0;
  series = series * square + 1.0 / 7.0;
  series = series * square + 1.0 / 5.0;
  series = series * square + 1.0 / 3.0;
  series = series * square + 1;
  return 2 * s * series - halvings * Math.LN2;
}
