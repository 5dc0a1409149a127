import { slice } from '../../tensor/slice';
import type { Tensor } from '../../tensor/tensor';
import { aligned, batchRules, type Call } from '../table/batching';
import { shifted } from './reduction';

const rules = batchRules.physical;

/** Returns the shape of the result for one example. */
function shapeFor(c: Call): readonly number[] {
  return (c.op.rule.shape as (...args: unknown[]) => readonly number[])(c.tensor(0).sizes, ...c.args.slice(1));
}

for (const name of ['view', 'squeeze', 'unsqueeze'])
  rules.set(name, (c) => c.physical(0).view([c.size, ...shapeFor(c)]));

rules.set('expand', (c) => {
  const shape = shapeFor(c);
  return c.run(aligned(c.tensor(0), shape.length, c.level), [c.size, ...shape]);
});

rules.set('permute', (c) => {
  shapeFor(c);
  const dims = c.args[1] as readonly number[];
  return c.run(c.physical(0), [0, ...dims.map((d) => shifted(d, dims.length))]);
});

rules.set('transpose', (c) => {
  const { ndim } = c.tensor(0);
  shapeFor(c);
  const [, a, b] = c.args as [Tensor, number, number];
  return ndim === 0 ? c.physical(0).view([c.size]) : c.run(c.physical(0), shifted(a, ndim), shifted(b, ndim));
});

rules.set('diagonal', (c) => {
  const { ndim } = c.tensor(0);
  shapeFor(c);
  const { offset = 0, dim1 = 0, dim2 = 1 } = (c.args[1] ?? {}) as Diagonal;
  return c.run(c.physical(0), { offset, dim1: shifted(dim1, ndim), dim2: shifted(dim2, ndim) });
});

rules.set('diagEmbed', (c) => {
  const ndim = c.tensor(0).ndim + 1;
  const { offset = 0, dim1 = -2, dim2 = -1 } = (c.args[1] ?? {}) as Diagonal;
  return c.run(c.physical(0), { offset, dim1: shifted(dim1, ndim), dim2: shifted(dim2, ndim) });
});

type Diagonal = { offset?: number; dim1?: number; dim2?: number };

for (const name of ['tril', 'triu'])
  rules.set(name, (c) => (c.tensor(0).ndim < 2 ? undefined : c.run(c.physical(0), ...c.args.slice(1))));

rules.set('unfold', (c) => {
  const { ndim } = c.tensor(0);
  const [, dim, ...rest] = c.args as [Tensor, number, ...unknown[]];
  return ndim === 0 ? undefined : c.run(c.physical(0), shifted(dim, ndim), ...rest);
});

rules.set('flip', (c) => {
  const { ndim } = c.tensor(0);
  shapeFor(c);
  const dims = c.args[1] as readonly number[];
  return ndim === 0 || dims.length === 0
    ? c.physical(0).clone()
    : c.run(
        c.physical(0),
        dims.map((d) => shifted(d, ndim)),
      );
});

rules.set('repeat', (c) => {
  shapeFor(c);
  const repeats = c.args[1] as readonly number[];
  return c.run(aligned(c.tensor(0), repeats.length, c.level), [1, ...repeats]);
});

rules.set('constantPad', (c) => {
  shapeFor(c);
  return c.run(c.physical(0), ...c.args.slice(1));
});

rules.set('pick', (c) => {
  shapeFor(c);
  const [, index, ...rest] = c.args as [Tensor, readonly unknown[], ...unknown[]];
  return c.run(c.physical(0), [slice(), ...index], ...rest);
});

rules.set('split', (c) => {
  shapeFor(c);
  const [x, size, dim = 0] = c.args as [Tensor, number | readonly number[], number?];
  return c.run(c.physical(0), size, shifted(dim, x.ndim));
});

rules.set('unbind', (c) => {
  shapeFor(c);
  const [x, dim = 0] = c.args as [Tensor, number?];
  return c.run(c.physical(0), shifted(dim, x.ndim));
});

/** Concatenates along a dimension; tensors without a batch dimension are repeated. */
function joined(c: Call, added: number): unknown {
  const [xs, dim = 0] = c.args as [readonly Tensor[], number?];
  const { ndim, dtype } = xs[0];
  if (!xs.every((x) => x.ndim === ndim && x.dtype === dtype)) return undefined;
  if (ndim + added === 0) return undefined;
  return c.run(
    xs.map((x) => c.spread(x)),
    shifted(dim, ndim + added),
  );
}
rules.set('cat', (c) => joined(c, 0));
rules.set('stack', (c) => joined(c, 1));
rules.set('meetingPoint', (c) => c.run((c.args[0] as readonly Tensor[]).map((x) => c.spread(x))));
