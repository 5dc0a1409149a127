// A hole in a list, `[1, , 2]`, is refused by operations and not skipped.
import { describe, expect, test } from 'vitest';
import { GradlabError, nn, optim, stack, tensor, vstack, zeros } from '../../src';
import { build, entries, label, samplesOf } from '../support/op-samples';

/** Every list of numbers or tensors in a value, one at a time with a hole in it. */
function* withHoles(value: unknown): Generator<unknown> {
  if (Array.isArray(value)) {
    for (let at = 0; at < value.length; at++) {
      const holed = value.slice();
      delete holed[at];
      yield holed;
      for (const inner of withHoles(value[at])) yield value.map((v, i) => (i === at ? inner : v));
    }
  } else if (typeof value === 'object' && value?.constructor === Object)
    for (const [key, inner] of Object.entries(value))
      for (const holed of withHoles(inner)) yield { ...value, [key]: holed };
}

/** What other operations call with lists of their own. */
const internal = new Set([
  ...['arranged', 'pick', 'readView', 'spreadView', 'writeView', 'readAt', 'writeAt', 'reducedAt', 'meetingPoint'],
  ...['convolution', 'convolutionTransposed', 'convolutionWeight', 'im2col', 'col2im', 'constantPad', 'standardize'],
  ...['maxPool', 'maxPoolBack', 'meanPool', 'meanPoolBack', 'resample', 'updatedMean', 'pNorm'],
]);
const cases = entries
  .filter((op) => !internal.has(op.name))
  .flatMap((op) => samplesOf(op).map((sample) => ({ op, sample })))
  .filter(({ op, sample }) => op.isList || [...withHoles(sample.args)].length > sample.args.length);

describe('operations', () => {
  test.each(cases.map((c) => [`${c.op.name} ${label(c.sample)}`, c] as const))('%s', (_, { op, sample }) => {
    const { inputs } = build(op, sample);
    const args = sample.args;
    for (const [i, arg] of args.entries())
      for (const holed of withHoles(arg)) {
        const given = args.map((a, k) => (k === i ? holed : a));
        expect(() => op.invoke(...(op.isList ? [inputs] : inputs), ...given)).toThrow(GradlabError);
      }
    if (op.isList) for (const holed of withHoles(inputs)) expect(() => op.invoke(holed, ...args)).toThrow(GradlabError);
  });
});

const x = tensor([
  [1, 2],
  [3, 4],
]);

/** The list with a hole in a place. */
function holed<T>(list: T[], at: number): T[] {
  const copy = list.slice();
  delete copy[at];
  return copy;
}

test.each<[string, () => unknown]>([
  ['tensor', () => tensor(holed([1, 5, 2], 1))],
  ['tensor of rows', () => tensor(holed([[1, 2], [5], [3, 4]], 1))],
  ['tensor with nothing at first', () => tensor(holed([5, 1], 0))],
  ['tensor with nothing at last', () => tensor([holed([5, 1], 1)])],
  ['zeros', () => zeros(holed([2, 2, 3], 1))],
  ['sum', () => x.sum(holed([0, 1], 1))],
  ['view', () => x.view(holed([4, 1], 1))],
  ['stack', () => stack(holed([x, x, x], 1))],
  ['vstack', () => vstack(holed([x, x, x], 1))],
  ['at', () => x.at(holed([0, 1, 1], 1))],
  ['split', () => x.split(holed([1, 0, 1], 1))],
  ['pad', () => nn.functional.pad(x, holed([1, 1], 1))],
  ['Conv2d', () => new nn.Conv2d(1, 1, holed([1, 1], 1))],
  ['LayerNorm', () => new nn.LayerNorm(holed([2, 2, 3], 1))],
  ['ZeroPad2d', () => new nn.ZeroPad2d(holed([1, 1, 1, 1], 1))],
  ['Adam', () => new optim.Adam(holed([x, x, x], 1))],
  ['betas', () => new optim.Adam([x], { betas: holed([0.9, 0.9], 1) as unknown as [number, number] })],
])('%s', (_, call) => {
  expect(call).toThrow(GradlabError);
});
