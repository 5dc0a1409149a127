import fc from 'fast-check';
import { expect, test } from 'vitest';
import { changesBetween, weigh, weighAll } from '../../../kernel-setup/kernel/host/json-patch';
import type { Json } from '../../../kernel-setup/kernel/process-messages';
import { changed } from '../../../page/outputs/outputs';

const numbers = (count: number, step = 1) => Array.from({ length: count }, (_, i) => i * step);

test('a value that changes deep inside is sent alone, with its path', () => {
  const figure = (z: number, azim: number) => ({
    'application/vnd.plotly.v1+json': {
      data: [
        {
          z: [
            [1, 2],
            [3, z],
          ],
        },
      ],
      layout: { 'a~b': { eye: azim } },
    },
  });
  expect(changesBetween(figure(4, 1), figure(4, 2))).toEqual([
    { op: 'replace', path: '/application~1vnd.plotly.v1+json/layout/a~0b/eye', value: 2 },
  ]);
  expect(changesBetween(figure(4, 1), figure(4, 1))).toEqual([]);
  expect(changesBetween({ a: 1, b: 2 }, { b: 2, c: 3 })).toEqual([
    { op: 'remove', path: '/a' },
    { op: 'add', path: '/c', value: 3 },
  ]);
});

test('a long array is sent whole only if much of it has changed', () => {
  const before = numbers(500);
  expect(changesBetween({ y: before }, { y: [...before, 500] })).toEqual([{ op: 'add', path: '/y/-', value: 500 }]);
  const one = before.with(7, -1);
  expect(changesBetween({ y: before }, { y: one })).toEqual([{ op: 'replace', path: '/y/7', value: -1 }]);
  const all = numbers(500, 2);
  expect(changesBetween({ y: before }, { y: all })).toEqual([{ op: 'replace', path: '/y', value: all }]);
  expect(changesBetween({ y: before }, { y: before.slice(1) })).toEqual([
    { op: 'replace', path: '/y', value: before.slice(1) },
  ]);
  const rows = (k: number) => numbers(50).map((i) => numbers(50).map((j) => i + (i > 20 ? k * j : j)));
  const [change, ...others] = changesBetween(rows(1), rows(2));
  expect([change.path, others.length]).toEqual(['/21', 28]);
});

test('weights approximate the lengths of the texts', () => {
  const value = { data: [{ type: 'scatter', x: numbers(200, 1.234) }], 'text/plain': 'x'.repeat(500) };
  const ratio = weigh(value) / JSON.stringify(value).length;
  expect(ratio).toBeGreaterThan(0.7);
  expect(ratio).toBeLessThan(1.6);
});

test('patches turn one value into the other, do not mutate it, and weigh no more than the whole', () => {
  const json = fc.jsonValue({ maxDepth: 4 }) as fc.Arbitrary<Json>;
  const near = json.chain((before) =>
    fc.tuple(
      fc.constant(before),
      fc.constantFrom(before, { before }, [before, before], { a: before, b: [before] }),
      json,
    ),
  );
  const pair = fc.oneof(
    fc.tuple(json, json),
    near.map(([, both, other]): [Json, Json] => [
      both,
      Array.isArray(both) ? [...both, other] : { ...Object(both), other },
    ]),
    fc.tuple(fc.array(fc.nat(3), { maxLength: 60 }), fc.array(fc.nat(3), { maxLength: 60 })),
  );
  fc.assert(
    fc.property(pair, ([before, after]) => {
      // After JSON: it writes -0 as 0.
      const [a, b] = [before, after].map((one) => JSON.parse(JSON.stringify(one)) as Json);
      const kept = JSON.stringify(a);
      const changes = changesBetween(a, b);
      expect(changed(a, JSON.parse(JSON.stringify(changes)))).toEqual(b);
      expect(JSON.stringify(a)).toBe(kept);
      if (Array.isArray(a) && Array.isArray(b)) expect(weighAll(changes)).toBeLessThanOrEqual(weigh(b) + 30);
    }),
    { numRuns: 500 },
  );
});
