// Lists and records that contain themselves, and very deep ones, are rejected with a message wherever nested values are
// traversed.
import { expect, test } from 'vitest';
import { data, func, GradlabError, io, nn, ones, optim, recompute, tensor } from '../src';

const list: unknown[] = [ones([2])];
list.push(list);
const record: Record<string, unknown> = { x: ones([2]) };
record.self = record;
let deep: unknown = ones([2]);
for (let i = 0; i < 20_000; i++) deep = [deep];

const sum = (_: unknown) => ones([]);
const lookers: Record<string, (value: unknown) => unknown> = {
  vmap: (value) => func.vmap(sum as never)(value as never),
  'inDims of vmap': (value) => func.vmap(sum as never, { inDims: value as never })(ones([2]) as never),
  'result of vmap': (value) => func.vmap((() => value) as never)(ones([2]) as never),
  grad: (value) => func.grad(sum as never)(value as never),
  gradAndValue: (value) => func.gradAndValue(sum as never)(value as never),
  vjp: (value) => func.vjp(sum as never, value as never),
  jvp: (value) => func.jvp(sum as never, [value] as never, [value] as never),
  jacrev: (value) => func.jacrev(sum as never)(value as never),
  defaultCollate: (value) => data.defaultCollate([value, value]),
  toPytorch: (value) => io.toPytorch({ value }),
  fromPytorch: (value) => io.fromPytorch({ value }),
  tensor: (value) => tensor(value as never),
  at: (value) => ones([2]).at(value as never),
  recompute: (value) => recompute(sum as never, value as never),
  loadStateDict: (value) => new nn.Linear(2, 2).loadStateDict({ weight: value, bias: value } as never),
  'loadStateDict of an optimizer': (value) =>
    new optim.SGD([tensor([1], { requiresGrad: true })], { lr: 0.1 }).loadStateDict(value as never),
};

test.each(Object.entries(lookers))('%s rejects values that contain themselves or are too deep', (_, look) => {
  for (const value of [list, record, deep]) {
    let error: unknown = null;
    try {
      look(value);
    } catch (e) {
      error = e;
    }
    if (error !== null) expect(error).toBeInstanceOf(GradlabError);
  }
});

test('the message names the depth', () => {
  expect(() => func.vmap(sum as never)(list as never)).toThrow(
    'vmap: lists and objects in one another, 100 deep: is one of them in itself?',
  );
});
