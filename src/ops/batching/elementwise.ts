import { type Dtype, resultType } from '../../tensor/dtype';
import { Tensor } from '../../tensor/tensor';
import { aligned, batchRules, type Call, opOf } from '../table/batching';

/** Operations on each element, or on elements that broadcast: names of the table. */
const names = [
  'add sub rsub mul neg abs sign copysign addcmul addcdiv lerp div floorDivide remainder fmod reciprocal pow sqrt rsqrt',
  'hypot exp exp2 expm1 log log2 log10 log1p sigmoid logit logaddexp xlogy sin cos tan asin acos atan atan2 sinh cosh tanh',
  'asinh acosh atanh sinc deg2rad rad2deg ceil floor trunc frac round clamp maximum minimum fmax fmin nanToNum erf erfc',
  'erfinv lgamma digamma polygamma softplus logsigmoid gelu geluTanh silu mish relu whereInside elu leakyRelu preluKernel',
  'threshold hardtanh hardsigmoid hardswish hardshrink softshrink huber eq ne lt le gt ge logicalAnd logicalOr logicalXor',
  'logicalNot isnan isinf isfinite isclose heaviside clone converted maskedFill where binaryCrossEntropy',
];

/** Condition inputs, whose dtype does not count. */
const conditions: Record<string, number> = { where: 0, maskedFill: 1 };

function elementwise(c: Call): unknown {
  const count = c.op.inputNames.length;
  const given = c.args.slice(0, count);
  const tensors = given.filter((x): x is Tensor => x instanceof Tensor);
  const ndim = Math.max(...tensors.map((x) => x.ndim));
  const dtype = commonDtype(c, given);
  const all = given.map((x, i) => {
    if (!(x instanceof Tensor)) return x;
    const y = aligned(x, ndim, c.level);
    return dtype === null || i === conditions[c.op.name] ? y : y.to(dtype);
  });
  return c.run(...all, ...c.args.slice(count));
}

/** Returns the dtype to compute in if batched scalars, which have lower priority, have become vectors; else `null`. */
function commonDtype(c: Call, given: readonly unknown[]): Dtype | null {
  const tensors = given.filter((x, i): x is Tensor => x instanceof Tensor && i !== conditions[c.op.name]);
  if (tensors.every((x) => x.dtype === tensors[0].dtype)) return null;
  if (!given.some((x, i) => x instanceof Tensor && x.ndim === 0 && c.isBatched(i))) return null;
  const [a, b, third] = tensors;
  return resultType(a, b, third);
}

for (const name of names.join(' ').split(' ')) batchRules.physical.set(name, elementwise);

// The value must be a scalar, but differs between examples.
batchRules.logical.set('maskedFill', (c) => {
  const [x, mask, value] = c.args as [Tensor, Tensor, Tensor | number];
  if (!c.isBatched(2) || mask.dtype !== 'bool') return undefined;
  return opOf('where').invoke(mask, (value as Tensor).to(x.dtype), x);
});

batchRules.physical.set('copy', (c) => {
  const [a, source] = c.args as [Tensor, Tensor | number];
  return c.run(c.spread(a), source instanceof Tensor ? aligned(source, a.ndim, c.level) : source);
});

batchRules.physical.set('mseLossNone', (c) => c.run(c.spread(c.tensor(0)), c.spread(c.tensor(1))));

batchRules.physical.set('arranged', (c) => {
  const x = c.tensor(0);
  return c.run(c.physical(0), [x.numel(), ...(c.args[1] as readonly number[])]);
});
