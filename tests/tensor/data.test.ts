// `x.data` has a separate buffer: a program may transfer it, or write all of it to a file.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { buildIfStale } from '../../kernel-setup/setup/build.mjs';
import { paths } from '../../kernel-setup/setup/paths.mjs';
import { nn, rand, type Tensor, tensor, zeros } from '../../src';

const sizes = [1, 2, 15, 16, 17, 20, 33, 64, 100, 129, 256, 257, 500, 1025, 2047, 2048, 2049, 5000];

test('the buffer of a tensor holds only its numbers', () => {
  for (const n of sizes)
    for (const x of [
      zeros([n]),
      rand([n]).mul(2),
      tensor(Array(n).fill(1), { dtype: 'int32' }),
      new nn.Linear(n, 1).weight,
    ]) {
      expect(x.data.buffer.byteLength, `${n} elements`).toBe(x.data.byteLength);
      expect(x.data).toHaveLength(n);
      expect(x.toArray().buffer.byteLength).toBe(x.data.byteLength);
      expect(x.ndarray.data).toBe(x.data);
    }
});

test('a transfer to a worker affects no other tensor, and later tensors work as before', () => {
  for (const n of sizes) {
    const neighbours = Array.from({ length: 40 }, (_, i) => zeros([n]).add(i));
    const sent = neighbours.splice(7, 1)[0]!;
    const { data } = sent;
    const received = structuredClone(data, { transfer: [data.buffer as ArrayBuffer] });
    expect(received[n - 1]).toBe(7);
    for (const [i, x] of neighbours.entries()) expect(x.sum().item()).toBe(n * (i < 7 ? i : i + 1));
    for (let i = 0; i < 100; i++) expect(zeros([n]).add(1).sum().item()).toBe(n);
  }
});

test.each(sizes)('rejects computing with %i transferred numbers, which would silently give NaN', (n) => {
  const x = zeros([n]).add(1);
  const row = x.unsqueeze(0);
  structuredClone(x.data, { transfer: [x.data.buffer as ArrayBuffer] });
  const lost = /has lost its numbers: the buffer of its data was transferred/;
  const uses = [() => x.sum(), () => x.add(1), () => x.clone(), () => x.tolist(), () => String(x), () => x.fill_(2)];
  for (const use of uses) expect(use).toThrow(lost);
  expect(() => row.matmul(zeros([n, 1]))).toThrow(lost);
  expect(zeros([0]).sum().item()).toBe(0);
});

test('views and their base still share their numbers after one of them has been read', () => {
  const x = rand([5, 8]);
  const [row, column, turned] = [x.select(0, 1), x.select(1, 2), x.t()];
  const before = x.tolist() as number[][];
  expect(column.data).toBe(x.data);
  expect(row.data).toBe(x.data);
  row.fill_(7);
  turned.select(0, 2).mul_(2);
  x.data[0] = -1;
  const expected = before.map((numbers, i) => numbers.map((v, j) => (i === 1 ? 7 : v) * (j === 2 ? 2 : 1)));
  expected[0]![0] = -1;
  expect(x.tolist()).toEqual(expected.map((numbers) => numbers.map(Math.fround)));
  expect(turned.t().tolist()).toEqual(x.tolist());
});

test('in any order of creating, reading and writing views, all of them show one memory', () => {
  const steps = fc.array(
    fc.record({
      kind: fc.constantFrom('view', 'read', 'fill', 'add', 'write', 'detach'),
      which: fc.nat(20),
      at: fc.nat(5),
      value: fc.integer({ min: -9, max: 9 }),
    }),
    { maxLength: 25 },
  );
  fc.assert(
    fc.property(steps, (all) => {
      // The tensors, and for each the indices of its numbers in the list.
      const model = Array.from({ length: 48 }, (_, i) => i);
      const tensors: { x: Tensor; places: number[] }[] = [{ x: zeros([48]).add(tensor(model)), places: [...model] }];
      for (const { kind, which, at, value } of all) {
        const { x, places } = tensors[which % tensors.length]!;
        const n = places.length;
        if (kind === 'view' && n > 2) {
          const from = Math.min(at, n - 2);
          tensors.push({ x: x.narrow(0, from, n - from), places: places.slice(from) });
        } else if (kind === 'detach') tensors.push({ x: x.detach(), places });
        else if (kind === 'read') expect(x.data[x.offset]).toBe(model[places[0]!]);
        else if (kind === 'fill') {
          x.fill_(value);
          for (const place of places) model[place] = value;
        } else if (kind === 'add') {
          x.add_(value);
          for (const place of places) model[place]! += value;
        } else if (kind === 'write') {
          x.data[x.offset] = value;
          model[places[0]!] = value;
        }
      }
      for (const { x, places } of tensors) expect(x.tolist()).toEqual(places.map((place) => model[place]));
    }),
    { numRuns: 300 },
  );
});

describe('in a program that has read no data before', () => {
  beforeAll(() => buildIfStale(paths), 120_000);

  const run = (program: string) =>
    execFileSync(process.execPath, ['-e', `const { tensor, zeros } = require(${library});\n${program}`], {
      encoding: 'utf8',
    }).trim();
  const library = JSON.stringify(join(paths.root, 'dist'));

  test.each([
    ['a tensor', 'zeros([40]).add(1)', 'x.data.buffer'],
    ['the base of a view', 'zeros([41]).add(1).narrow(0, 1, 40)', 'x.data.buffer'],
    ['a tensor on an ndarray', 'tensor(array)', 'array.data.buffer'],
  ])('rejects transferred numbers of %s', (_, made, buffer) => {
    const program = `
      const array = { data: new Float32Array(40).fill(1), shape: [40], stride: [1], offset: 0 };
      const x = ${made};
      console.log(x.sum().item());
      structuredClone(null, { transfer: [${buffer}] });
      try { console.log(x.sum().item()); } catch (error) { console.log(error.message); }`;
    expect(run(program)).toMatch(/^40\na tensor of shape \[40\] has lost its numbers: the buffer of its data/);
  });

  test('views show writes to the first data that is read', () => {
    const program = `
      const x = zeros([40]);
      const [row, even] = [x.narrow(0, 3, 4), x.unfold(0, 1, 2)];
      x.data[4] = 5;
      console.log(row.sum().item(), even.sum().item());
      row.data[row.offset] = 2;
      console.log(x.sum().item());`;
    expect(run(program)).toBe('5 5\n7');
  });
});

describe('small tensors that a program keeps', () => {
  beforeAll(() => buildIfStale(paths), 120_000);

  test('need little more memory than their numbers, also among others', () => {
    const program = `
      const { zeros } = require(${JSON.stringify(join(paths.root, 'dist'))});
      const kept = [];
      for (let i = 0; i < 20000; i++) for (let k = 0; k < 33; k++) { const x = zeros([20]); if (k === 0) kept.push(x); }
      gc();
      gc(); // waits until what the first has found is swept
      console.log(process.memoryUsage().arrayBuffers / kept.length);`;
    // 128 bytes each, eight of them in a slab; it was 4,096.
    expect(Number(execFileSync(process.execPath, ['--expose-gc', '-e', program], { encoding: 'utf8' }))).toBeLessThan(
      1200,
    );
  });

  test('and copies contain only their numbers', () => {
    const program = `
      const { zeros } = require(${JSON.stringify(join(paths.root, 'dist'))});
      const [x, kept] = [zeros([20]), []];
      for (let i = 0; i < 20000; i++) { for (let k = 0; k < 33; k++) x.mul(2); kept.push(x.clone()); }
      gc();
      gc();
      console.log(process.memoryUsage().arrayBuffers / kept.length);`;
    const bytes = Number(execFileSync(process.execPath, ['--expose-gc', '-e', program], { encoding: 'utf8' }));
    expect(bytes).toBeGreaterThanOrEqual(80);
    expect(bytes).toBeLessThan(120);
  });
});
