import type { Tensor } from '../tensor/tensor';
import { elementsOf } from './metrics/tally';
import type { Net } from './net';

/** Returns the number of NaN or infinite elements, and the position of the first. */
function oddOnes(x: Tensor): { count: number; first: number } {
  const values = elementsOf(x.detach());
  let [count, first] = [0, 0];
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (Number.isFinite(value)) continue;
    if (count++ === 0) first = value;
  }
  return { count, first };
}

/** Explains a NaN or infinite loss: names the first of data, parameters and outputs with such elements. @internal */
export function whyNotFinite(net: Net, x: Tensor, y: Tensor, output: Tensor): string {
  const said = (name: string, tensor: Tensor): string | undefined => {
    const { count, first } = oddOnes(tensor);
    if (count === 0) return undefined;
    return `${name} has ${first} in ${count} of ${tensor.numel()} elements`;
  };
  const data = said('x of the batch', x) ?? said('y of the batch', y);
  if (data) return data;
  const parameters = net.namedParameters().map(([name, parameter]) => said(`the parameter ${name}`, parameter));
  const bad = parameters.filter((text) => text !== undefined);
  if (bad.length > 0) {
    const also =
      bad.length === 1 ? 'the others are finite' : `and so have ${bad.length - 1} others of ${parameters.length}`;
    return `${bad[0]} since the step before, ${also}; a smaller learning rate or clip: { norm: 1 } may help`;
  }
  const buffers = net.namedBuffers().map(([name, buffer]) => said(`the buffer ${name}`, buffer));
  return (
    buffers.find((text) => text !== undefined) ??
    said('all parameters are finite, the output of the net', output) ??
    whyLossOverflows(output) ??
    'data, parameters and output are finite: it is the loss itself, such as a logarithm of 0'
  );
}

/** Explains a loss that overflows because the output grew step by step; undefined if the output is too small for that. */
function whyLossOverflows(output: Tensor): string | undefined {
  const values = elementsOf(output.detach());
  let largest = 0;
  for (let i = 0; i < values.length; i++) largest = Math.max(largest, Math.abs(values[i]!));
  const limit = output.dtype === 'float64' ? Number.MAX_VALUE : 2 ** 128;
  if (largest ** 2 < limit) return undefined;
  return `the output of the net reaches ${largest.toExponential(1)}, whose square is infinite; a smaller learning rate or clip: { norm: 1 } may help`;
}
