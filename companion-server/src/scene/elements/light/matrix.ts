/** 3 × 3, row-major. */
export type Matrix = readonly [
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  number,
];

export function multiplied(one: readonly number[], other: readonly number[]): Matrix {
  const at = (i: number) => {
    const row = 3 * Math.floor(i / 3);
    const column = i % 3;
    let sum = 0;
    for (let k = 0; k < 3; k++) {
      sum += (one[row + k] as number) * (other[3 * k + column] as number);
    }
    return sum;
  };
  return Array.from({ length: 9 }, (_, i) => at(i)) as unknown as Matrix;
}

/** By cofactors; the matrix of an RGB space is never singular. */
export function inverted(matrix: readonly number[]): Matrix {
  const [a, b, c, d, e, f, g, h, i] = matrix as Matrix;
  const determinant = a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g);
  const cofactors = [
    e * i - f * h,
    c * h - b * i,
    b * f - c * e,
    f * g - d * i,
    a * i - c * g,
    c * d - a * f,
    d * h - e * g,
    b * g - a * h,
    a * e - b * d,
  ];
  return cofactors.map((value) => value / determinant) as unknown as Matrix;
}
