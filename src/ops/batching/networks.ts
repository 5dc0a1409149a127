import type { ConvolutionPlan } from '../../kernels/convolution/plan';
import { fullLike } from '../../tensor/creation';
import { Tensor } from '../../tensor/tensor';
import { targetShape } from '../networks/losses';
import { batchRules, type Call, opOf } from '../table/batching';

const { physical, logical } = batchRules;

/** Places the channels of all examples side by side: `[B, N, C, …]` to `[N, B·C, …]`. */
const beside = (x: Tensor) => x.transpose(0, 1).flatten(1, 2);

for (const name of ['convolution', 'convolutionTransposed'])
  logical.set(name, (c) => {
    const [x, weight, bias, plan] = c.args as [Tensor, Tensor, Tensor | null, ConvolutionPlan];
    const hasBias = bias instanceof Tensor;
    if (hasBias && c.isBatched(2) && !c.isBatched(1)) {
      const y = c.op.invoke(x, weight, null, plan) as Tensor;
      return y.add(bias.view([bias.sizes[0], ...plan.input.map(() => 1)]));
    }
    if (!c.isBatched(1)) {
      // All examples as one batch.
      const y = c.run(c.physical(0).flatten(0, 1), weight, bias, plan) as Tensor;
      return c.wrap(y.unflatten(0, [c.size, x.sizes[0]]));
    }
    if (c.size === 0) return undefined;
    // A group for each example.
    const groups = {
      ...plan,
      groups: plan.groups * c.size,
      inChannels: plan.inChannels * c.size,
      outChannels: plan.outChannels * c.size,
    };
    const y = c.run(
      beside(c.spread(x)),
      c.physical(1).flatten(0, 1),
      hasBias ? c.spread(bias).flatten(0, 1) : bias,
      groups,
    ) as Tensor;
    return c.wrap(y.unflatten(1, [c.size, y.sizes[1] / c.size]).transpose(0, 1));
  });

logical.set('standardize', (c) => {
  const [x, weight, bias, dims, eps] = c.args as [Tensor, Tensor | null, Tensor | null, number[], number];
  const isOurs = !c.isBatched(1) && !c.isBatched(2);
  const run = (w: unknown, b: unknown) => {
    const all = c.run(
      c.physical(0),
      w,
      b,
      dims.map((d) => d + 1),
      eps,
    ) as Record<string, Tensor>;
    return Object.fromEntries(Object.entries(all).map(([name, y]) => [name, c.wrap(y)]));
  };
  if (isOurs) return run(weight, bias);
  const plain = c.isBatched(0) ? run(null, null) : (c.run(x, null, null, dims, eps) as Record<string, Tensor>);
  const scaled = weight instanceof Tensor ? plain.output.mul(weight) : plain.output;
  return { ...plain, output: bias instanceof Tensor ? scaled.add(bias) : scaled };
});

/** Moves examples into the batch dimension: `[B, L, N, …]` to `[L, B·N, …]`. */
const amongCases = (x: Tensor) => x.transpose(0, 1).flatten(1, 2);

logical.set('lstmSteps', (c) => {
  const [sums, weight, cell] = c.args as [Tensor, Tensor, Tensor];
  if (c.isBatched(1)) return undefined;
  const all = c.run(amongCases(c.spread(sums)), weight, c.spread(cell).flatten(0, 1)) as Record<string, Tensor>;
  const apart = (y: Tensor) => c.wrap(y.unflatten(1, [c.size, cell.sizes[0]]).transpose(0, 1));
  return Object.fromEntries(Object.entries(all).map(([name, y]) => [name, apart(y)]));
});

interface Cases {
  readonly target: Tensor;
  readonly weight: Tensor | null;
  readonly ignoreIndex: number;
}

/** Returns a loss for each example: the sum over its cases. */
function nll(c: Call, reduction: 'mean' | 'sum' | 'none'): unknown {
  const [x, cases] = c.args as [Tensor, Cases];
  const { target, weight } = cases;
  if (weight !== null && c.isBatchedValue(weight)) return undefined;
  const [scores, classes] = [c.spread(x), c.spread(target)];
  const one = x.ndim === 1;
  const all = {
    ...cases,
    target: one ? classes : classes.reshape([c.size * x.sizes[0], ...classes.sizes.slice(2)]),
  };
  const flat = one ? scores : scores.reshape([c.size * x.sizes[0], ...scores.sizes.slice(2)]);
  const each = (given: Tensor) =>
    (opOf('nllLossNone').invoke(given, all) as Tensor).view([c.size, ...targetShape(x.sizes)]);
  const loss = each(flat);
  if (reduction === 'none') return loss;
  const total = (y: Tensor) => y.reshape([c.size, target.numel()]).sum(1);
  if (reduction === 'sum') return total(loss);
  // With every logarithm -1, the loss is the sum of the weights of the counted cases.
  return total(loss).div(total(each(fullLike(flat.detach(), -1))));
}
physical.set('nllLoss', (c) => nll(c, 'mean'));
physical.set('nllLossSum', (c) => nll(c, 'sum'));
physical.set('nllLossNone', (c) => nll(c, 'none'));

/** With the cases `[N, C, …]` of all examples as one batch. */
for (const name of ['im2col', 'col2im'])
  logical.set(name, (c) => {
    const x = c.tensor(0);
    const y = c.run(c.physical(0).flatten(0, 1), ...c.args.slice(1)) as Tensor;
    return c.wrap(y.unflatten(0, [c.size, x.sizes[0]]));
  });

/** These operate on the last dimensions, so the examples are a further dimension. */
for (const name of ['maxPool', 'resample']) physical.set(name, (c) => c.run(c.physical(0), ...c.args.slice(1)));
