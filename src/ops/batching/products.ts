import { Tensor } from '../../tensor/tensor';
import { aligned, batchRules, type Call } from '../table/batching';

const { physical, logical } = batchRules;

physical.set('matmul', (c) => {
  const [a, b] = [c.tensor(0), c.tensor(1)];
  const [n, m] = [a.ndim, b.ndim];
  if (n === 0 || m === 0) return undefined;
  const [p, q] = [c.physical(0), c.physical(1)];
  // Examples as rows of one matrix, or as matrices of one batch.
  if (!c.isBatched(1) && m <= 2) return c.run(p, q);
  if (!c.isBatched(0)) {
    if (m === 1 && n === 1) return c.run(q, p);
    if (m === 1 && n === 2) return c.run(q, p.transpose(0, 1));
    if (m > 1 && (n <= 2 || n < m)) return c.run(p, q);
  }
  const ndim = Math.max(n, m, 2);
  const left = aligned(n === 1 ? a.unsqueeze(0) : a, ndim, c.level);
  const right = aligned(m === 1 ? b.unsqueeze(1) : b, ndim, c.level);
  let y = c.run(left, right) as Tensor;
  if (m === 1) y = y.squeeze(-1);
  return n === 1 ? y.squeeze(m === 1 ? -1 : -2) : y;
});

logical.set('linear', (c) => {
  const [x, weight, bias] = c.args as [Tensor, Tensor, Tensor];
  (c.op.rule.shape as (...shapes: unknown[]) => unknown)(x.sizes, weight.sizes, bias.sizes);
  if (!c.isBatched(1) && !c.isBatched(2)) return c.wrap(c.run(c.physical(0), weight, bias) as Tensor);
  return x.matmul(weight.transpose(0, 1)).add(bias);
});

/** `beta · input + alpha · (a b)`. */
for (const name of ['addmm', 'addmv', 'baddbmm'])
  logical.set(name, (c) => {
    const [input, a, b, { beta = 1, alpha = 1 } = {}] = c.args as [Tensor, Tensor, Tensor, Scales?];
    (c.op.rule.shape as (...shapes: unknown[]) => unknown)(input.sizes, a.sizes, b.sizes, c.args[3]);
    if (!(input.dtype === a.dtype && a.dtype === b.dtype && (a.dtype === 'float32' || a.dtype === 'float64')))
      return undefined;
    const product = a.matmul(b);
    const scaled = alpha === 1 ? product : product.mul(alpha);
    // With beta 0, NaN and infinity in the input do not count.
    if (beta === 0) return undefined;
    return scaled.add(beta === 1 ? input : input.mul(beta));
  });
type Scales = { beta?: number; alpha?: number };

/** These take matrices with any number of leading dimensions. */
for (const name of 'mirrored eigh svd det inverted slogdet cofactors cholesky qr completeQr'.split(' '))
  physical.set(name, (c) => (c.tensor(0).ndim < 2 ? undefined : c.run(c.physical(0), ...c.args.slice(1))));

for (const name of ['solve', 'lstsq'])
  physical.set(name, (c) => {
    const [a, b] = [c.tensor(0), c.tensor(1)];
    if (a.ndim !== 2 || b.ndim !== 2 || c.args.slice(2).some((x) => x instanceof Tensor)) return undefined;
    return c.run(c.spread(a), c.spread(b), ...c.args.slice(2));
  });

physical.set('rowDistances', (c: Call) => {
  const [a, b] = [c.tensor(0), c.tensor(1)];
  if (a.ndim !== 2 || b.ndim !== 2) return undefined;
  return c.run(c.spread(a), c.spread(b), ...c.args.slice(2));
});
