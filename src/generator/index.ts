import { describe } from '../describe';
import { ValueError } from '../errors';
import type { Tensor } from '../tensor/tensor';
import { Mt19937 } from './mt19937';
import { decodeState, encodeState } from './state';

/** The seed of a `new Generator()`, as in PyTorch. */
const DEFAULT_SEED = 67280421310721;
const TWO_32 = 2 ** 32;
const TWO_53 = 2 ** 53;

// tensor/random-state.ts adds these methods: tensors come after random numbers.
export interface Generator {
  /**
   * The state as a tensor of 5056 bytes, in PyTorch's format: `setState` continues from it
   * (`torch.Generator.get_state`).
   */
  getState(): Tensor;
  /**
   * Goes on from a state that `getState` has given, here or in PyTorch (`torch.Generator.set_state`). Returns the
   * generator.
   * @throws {DtypeError} if the state is not `uint8`; {@link ValueError} if it is not the state of a generator.
   */
  setState(state: Tensor): this;
}

/**
 * A source of random numbers (`torch.Generator`): an MT19937 engine. The same seed gives the same numbers as PyTorch
 * on a CPU.
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: see above
export class Generator {
  /** @internal */
  readonly engine: Mt19937 = new Mt19937();
  private first: number | bigint = DEFAULT_SEED;
  /**
   * The second of the two normal numbers that one step of the scalar method makes, kept for the next call.
   * @internal
   */
  spareNormal: number | null = null;

  /** @throws {ValueError} if anything is given: a seed is set with {@link manualSeed}. */
  constructor(...given: []) {
    if (given.length > 0)
      throw new ValueError(
        `Generator: takes no arguments, got ${describe((given as unknown[])[0])}; for a seed write new Generator().manualSeed(5)`,
      );
    this.manualSeed(DEFAULT_SEED);
  }

  /**
   * Starts again from `seed`, any whole number from -2⁶³ to 2⁶⁴ - 1 (`torch.Generator.manual_seed`). Only its low 32
   * bits decide the numbers. Returns the generator.
   * @throws {ValueError} if the seed is not such a number.
   */
  manualSeed(seed: number | bigint): this {
    const unsigned = checkSeed(seed);
    this.first = shortest(unsigned);
    this.engine.seed(Number(BigInt.asUintN(32, unsigned)));
    this.spareNormal = null;
    return this;
  }

  /** The seed last set (`torch.Generator.initial_seed`); negative seeds count from 2⁶⁴ down, as in PyTorch. */
  initialSeed(): number | bigint {
    return this.first;
  }

  /** Starts from a seed that cannot be predicted, and returns it (`torch.Generator.seed`). */
  seed(): number {
    // V8 seeds Math.random from the operating system's entropy; to load WebCrypto for it would take milliseconds.
    const seed = Math.floor(Math.random() * TWO_53);
    this.manualSeed(seed);
    return seed;
  }

  /** The state in PyTorch's format. @internal */
  bytes(): Uint8Array {
    return encodeState(this.engine, { seed: BigInt(this.first), spareNormal: this.spareNormal });
  }

  /** Goes on from a state in PyTorch's format. @internal */
  restore(bytes: Uint8Array): void {
    const { seed, spareNormal } = decodeState(this.engine, bytes);
    this.first = shortest(seed);
    this.spareNormal = spareNormal;
  }

  /** One draw: a whole number from 0 to 2³² - 1. @internal */
  random(): number {
    return this.engine.random();
  }

  /** Two draws, the first as the high word. @internal */
  random64(): bigint {
    const high = this.random();
    return (BigInt(high) << 32n) | BigInt(this.random());
  }

  /** A whole number from 0 to 2⁶³ - 1: two draws. @internal */
  random63(): bigint {
    return BigInt.asUintN(63, this.random64());
  }

  toString(): string {
    return `Generator(seed=${this.initialSeed()})`;
  }

  /** The output of Node's `console.log` and stock tslab, without the 624 words of the state. @internal */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }

  /** Uniform in `[0, 1)` in steps of 2⁻²⁴: one draw. @internal */
  uniform24(): number {
    return (this.random() & 0xffffff) / 0x1000000;
  }

  /** Uniform in `[0, 1)` in steps of 2⁻⁵³: two draws. @internal */
  uniform53(): number {
    const high = this.random() & 0x1fffff;
    return (high * TWO_32 + this.random()) / TWO_53;
  }
}

/** A number where it is exact. */
function shortest(seed: bigint): number | bigint {
  return seed <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(seed) : seed;
}

function checkSeed(seed: number | bigint): bigint {
  if (typeof seed !== 'bigint' && !Number.isSafeInteger(seed))
    throw new ValueError(
      `manualSeed: the seed is ${describe(seed)}; it must be a whole number (beyond ±2⁵³ - 1 a bigint, such as 2n ** 60n)`,
    );
  const value = BigInt(seed);
  if (value < -(2n ** 63n) || value >= 2n ** 64n)
    throw new ValueError(`manualSeed: the seed ${value} is outside -2⁶³ to 2⁶⁴ - 1`);
  return BigInt.asUintN(64, value);
}

/** The generator that every random function uses unless it is given one; unpredictable until `manualSeed`. */
export const defaultGenerator: Generator = new Generator();
defaultGenerator.seed();

/**
 * Starts the default generator from `seed` (`torch.manual_seed`): the random numbers that follow are PyTorch's for the
 * same seed. Returns the generator.
 * @throws {ValueError} if the seed is not a whole number from -2⁶³ to 2⁶⁴ - 1.
 */
export function manualSeed(seed: number | bigint): Generator {
  return defaultGenerator.manualSeed(seed);
}

/** The seed last set for the default generator (`torch.initial_seed`). */
export function initialSeed(): number | bigint {
  return defaultGenerator.initialSeed();
}

/** Starts the default generator from a seed that cannot be predicted, and returns it (`torch.seed`). */
export function seed(): number {
  return defaultGenerator.seed();
}
