/**
 * `base` to the power of a whole number `n ≥ 0` by multiplications alone, which have the same digits everywhere. The last digit of
 * `**` is that of the engine and of its version, and a long training amplifies it.
 *
 * @internal
 */
export function wholePower(base: number, n: number): number {
  let power = 1;
  for (let square = base, left = n; left > 0; left = Math.floor(left / 2), square *= square)
    if (left % 2 === 1) power *= square;
  return power;
}
