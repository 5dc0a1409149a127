import { Mt19937 } from '../generator/mt19937';

/**
 * The part of NumPy's `RandomState` that samplers need: the same seed gives the same numbers to the bit. It counts its
 * 32-bit words, so that a log can restore the position.
 */
export class RandomState {
  private readonly engine = new Mt19937();
  private given = 0;

  constructor(private readonly seed: number) {
    this.engine.seed(seed);
  }

  /** Number of words drawn. */
  get drawn(): number {
    return this.given;
  }

  /** Moves to the position after `drawn` words. */
  seek(drawn: number): void {
    if (drawn < this.given) {
      this.engine.seed(this.seed);
      this.given = 0;
    }
    for (; this.given < drawn; this.given++) this.engine.random();
  }

  /** A number in [0, 1) with 53 random bits (`RandomState.rand`). */
  rand(): number {
    this.given += 2;
    const high = this.engine.random() >>> 5;
    const low = this.engine.random() >>> 6;
    return (high * 67108864 + low) / 9007199254740992;
  }

  /** `low + (high - low) u` (`RandomState.uniform`). */
  uniform(low: number, high: number): number {
    return low + (high - low) * this.rand();
  }

  /** Draws `size` indices with these probabilities (`RandomState.choice(len(p), size, p=p)`). */
  choice(probabilities: readonly number[], size: number): number[] {
    let sum = 0;
    const cumulative = probabilities.map((p) => (sum += p));
    const last = cumulative.length - 1;
    return Array.from({ length: size }, () => {
      const u = this.rand();
      let low = 0;
      let high = last;
      while (low < high) {
        const middle = (low + high) >> 1;
        if (u < cumulative[middle]! / sum) high = middle;
        else low = middle + 1;
      }
      return low;
    });
  }
}
