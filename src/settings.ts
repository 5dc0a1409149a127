// Settings of the whole library.
import { setSwitches, switches } from './kernels/wasm/runtime';
import { checkSwitch } from './options';

/**
 * With `true`, results do not depend on the processor's features (`torch.use_deterministic_algorithms`): products of
 * matrices and convolutions round after multiplying and after adding, although many can do both in one rounding, in
 * half the time. So a long training ends at the same weights in Node and in a page, wherever there is WebAssembly:
 * plain loops add up in another order. (What remains are engines' own functions, such as `Math.cos`, where the last of
 * a float64's digits may differ.) Holds for what is computed from now on.
 *
 * @param mode `false`, the default, takes what is fastest.
 * @throws {ValueError} if `mode` is not a boolean.
 *
 * @example
 * useDeterministicAlgorithms(true);
 * areDeterministicAlgorithmsEnabled() // true
 * useDeterministicAlgorithms(false);
 */
export function useDeterministicAlgorithms(mode: boolean): void {
  checkSwitch('useDeterministicAlgorithms', mode);
  if (mode !== switches.deterministic) setSwitches({ deterministic: mode });
}

/** The mode that {@link useDeterministicAlgorithms} set last (`torch.are_deterministic_algorithms_enabled`). */
export function areDeterministicAlgorithmsEnabled(): boolean {
  return switches.deterministic;
}
