import { DtypeError } from '../errors';
import { defaultGenerator, Generator } from '../random';
import { fresh, Tensor } from './tensor';

const methods: Pick<Generator, 'getState' | 'setState'> = {
  getState(this: Generator) {
    const bytes = this.bytes();
    return fresh(bytes, [bytes.length], 'uint8');
  },

  setState(this: Generator, state: Tensor) {
    if (!(state instanceof Tensor) || state.dtype !== 'uint8')
      throw new DtypeError(
        `setState: a state is a uint8 tensor, got ${state instanceof Tensor ? state.dtype : typeof state}; ` +
          'take one from getState()',
      );
    this.restore(state.toArray() as Uint8Array);
    return this;
  },
};

Object.assign(Generator.prototype, methods);

/**
 * The state of the default generator as a tensor of bytes, in PyTorch's format (`torch.get_rng_state`):
 * {@link setRngState} restores it.
 * @example
 * const state = getRngState();
 * const x = rand(3);
 * setRngState(state);
 * rand(3).equal(x) // true
 */
export function getRngState(): Tensor {
  return defaultGenerator.getState();
}

/**
 * Sets the default generator to a state that {@link getRngState} returned, here or in PyTorch
 * (`torch.set_rng_state`).
 * @throws {DtypeError} if the state is not `uint8`; {@link ValueError} if it is not the state of a generator.
 */
export function setRngState(state: Tensor): void {
  defaultGenerator.setState(state);
}
