import { turn } from '../cancellation';
import type { RandomExports } from '../kernels/wasm/random';
import type { Memory } from '../kernels/wasm/runtime';

const N = 624;
const M = 397;

/**
 * The Mersenne twister MT19937 with 32-bit output, seeded as PyTorch seeds it: from the low 32 bits of the seed.
 * One output is called a draw.
 */
export class Mt19937 {
  readonly state: Int32Array = new Int32Array(N);
  /** How many draws are left, this one included, until the whole state is renewed. */
  left = 1;
  /** The word of the state to hand out next. */
  next = 0;

  /** Starts again from the low 32 bits of `seed`. */
  seed(seed: number): void {
    const { state } = this;
    state[0] = seed | 0;
    for (let j = 1; j < N; j++) {
      const before = state[j - 1];
      state[j] = Math.imul(1812433253, before ^ (before >>> 30)) + j;
    }
    this.left = 1;
    this.next = 0;
  }

  /** One draw: a whole number from 0 to 2³² - 1. */
  random(): number {
    if (--this.left === 0) this.twist();
    let y = this.state[this.next++];
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    return (y ^ (y >>> 18)) >>> 0;
  }

  /**
   * Writes `n` draws, or the numbers made of them, to an address of the kernels' memory; at another they work on the state, which
   * needs room for four words more.
   */
  write(kernels: RandomExports, kind: 'draws' | 'uniform', n: number, { i32 }: Memory, to: number, at: number): void {
    let { left, next } = this;
    i32.set(this.state, at / 4);
    for (let done = 0; done < n; ) {
      if (left === 1) {
        kernels.renew(at);
        left = N + 1;
        next = 0;
      }
      const some = Math.min(left - 1, n - done);
      kernels[kind](some, to + 4 * done, at + 4 * next);
      left -= some;
      next += some;
      done += some;
    }
    this.state.set(i32.subarray(at / 4, at / 4 + N));
    this.left = left;
    this.next = next;
  }

  private twist(): void {
    const { state } = this;
    // Whoever is stopped here has not drawn this number.
    this.left = 1;
    turn(8 * N);
    for (let k = 0; k < N; k++) {
      const bits = (state[k] & 0x80000000) | (state[k + 1 === N ? 0 : k + 1] & 0x7fffffff);
      state[k] = state[k < N - M ? k + M : k + M - N] ^ (bits >>> 1) ^ (bits & 1 ? 0x9908b0df : 0);
    }
    this.left = N;
    this.next = 0;
  }
}
