// Functions and methods that are made of operations, inside vmap: a loop over the examples gives the same, whatever tensors and
// numbers they take. Which arguments have a meaning is tried out.
import { expect, test } from 'vitest';
import * as gradlab from '../../src';
import { eye, func, manualSeed, rand, randint, randn, stack, Tensor } from '../../src';
import { entries } from '../support/op-samples';

const SIZE = 3;
type Given = Tensor | number | readonly number[];
type Callable = (...args: readonly Given[]) => unknown;

/** What has its own test, has no meaning here, or draws numbers. */
const operations = new Set(entries.map((op) => op.name));
const left =
  /^_|_$|^(constructor|backward|register|print|set|save|load|use|is|no|manual|initial|graph|seed|bernoulli|rand|normal|multinomial|poisson)/i;
const draws = /dropout|rrelu|gumbel/i;
/** Methods of the library's own, which check nothing. */
const own = new Set(['arranged', 'pick', 'updatedMean', 'constantPad']);
/** It looks at its variances before it computes, as PyTorch's does. */
const refused = new Set(['gaussianNllLoss']);

function targets(): [string, Callable][] {
  const found: [string, Callable][] = [];
  const skipped = (name: string) => operations.has(name) || left.test(name) || draws.test(name) || own.has(name);
  for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(Tensor.prototype)))
    if (typeof value === 'function' && !skipped(name)) found.push([name, (x, ...rest) => value.apply(x, rest)]);
  const { nn, linalg } = gradlab;
  for (const place of [gradlab, nn.functional, linalg] as unknown as Record<string, unknown>[])
    for (const [name, value] of Object.entries(place))
      if (typeof value === 'function' && /^[a-z]/.test(name) && !skipped(name)) found.push([name, value as Callable]);
  return found;
}

const tensorsIn = (y: unknown): Tensor[] => {
  if (y instanceof Tensor) return [y];
  if (Array.isArray(y)) return y.flatMap(tensorsIn);
  return y !== null && typeof y === 'object' && Object.getPrototypeOf(y) === Object.prototype
    ? Object.values(y).flatMap(tensorsIn)
    : [];
};

test('each gives what a loop over the examples gives', () => {
  manualSeed(1);
  const dtype = 'float64';
  const root = randn([SIZE, 4, 4], { dtype });
  const examples: Record<string, Tensor> = {
    x: rand([SIZE, 4, 4], { dtype }).add(0.5),
    y: rand([SIZE, 4, 4], { dtype }).add(0.6),
    v: rand([SIZE, 4], { dtype }).add(0.1),
    i: randint(0, 4, [SIZE, 4]),
    s: root.matmul(root.transpose(-1, -2)).add(eye(4, { dtype })),
    image: rand([SIZE, 2, 4, 4], { dtype }),
  };
  const attempts: (string | number | readonly number[])[][] = [
    ...['x', 'v', 's', 'i', 'image', 'x y', 'v v', 's v', 's x', 'x i', 'x x x', 'v v v', 'x i y'].map((names) =>
      names.split(' '),
    ),
    ...[0, 1, -1, 0.5].map((p) => ['x', p]),
    ...[2, 0.5].map((p) => ['v', p]),
    ...[
      ['x', 0, 1],
      ['x', 2, 0],
      ['image', 2],
      ['x', [0]],
      ['x', [4, 1, 4]],
      ['image', [1, 1, 1, 1]],
    ],
  ];
  let compared = 0;
  for (const [name, f] of targets())
    for (const args of attempts) {
      const names = args.filter((a) => typeof a === 'string');
      const call = (given: readonly Tensor[]) => {
        let next = 0;
        return tensorsIn(f(...args.map((a) => (typeof a === 'string' ? given[next++] : a))));
      };
      let expected: Tensor[];
      try {
        const rows = Array.from({ length: SIZE }, (_, k) => call(names.map((n) => examples[n].select(0, k))));
        expected = rows[0].map((_, j) => stack(rows.map((row) => row[j])));
      } catch {
        continue;
      }
      if (expected.length === 0) continue;
      const what = `${name}(${args.join(', ')})`;
      const inVmap = () => func.vmap((...given: Tensor[]) => call(given))(...names.map((n) => examples[n]));
      if (refused.has(name)) {
        expect(inVmap, what).toThrow('vmap');
        continue;
      }
      const found = inVmap();
      expect(
        found.map((y) => [y.shape, y.dtype]),
        what,
      ).toEqual(expected.map((y) => [y.shape, y.dtype]));
      found.forEach((y, j) => {
        const isClose = y.to(dtype).allclose(expected[j].to(dtype), { rtol: 1e-9, atol: 1e-12, equalNan: true });
        expect(isClose, what).toBe(true);
      });
      compared++;
    }
  // What has been tried is most of the library.
  expect(compared).toBeGreaterThan(500);
});
