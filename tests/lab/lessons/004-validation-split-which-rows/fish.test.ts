import { expect, test } from 'vitest';
import { album, mixed, newFish, sizes } from '../../../../src/lab/lessons/004-validation-split-which-rows';

test('sizes are sorted by class, and mixed randomly with their classes', () => {
  const rows = sizes(1);
  expect(rows.y.tolist()).toEqual([0, 1, 2].flatMap((c) => Array.from({ length: 40 }, () => c)));
  const others = mixed(rows, 2);
  const pairs = ({ x, y }: typeof rows) =>
    (x.tolist() as number[][]).map((row, i) => `${row} ${(y.tolist() as number[])[i]}`);
  expect(pairs(others).sort()).toEqual(pairs(rows).sort());
  expect(others.y.tolist()).not.toEqual(rows.y.tolist());
  expect(mixed(rows, 2).y.tolist()).toEqual(others.y.tolist());
  const classes = rows.y.tolist() as number[];
  expect(others.y.tolist()).toEqual(others.order.map((row) => classes[row]));
});

test('an album has pictures of sixty fish, those of a fish adjacent and nearly equal', () => {
  const { x, y, fish } = album(1, 3);
  expect(x.shape).toEqual([180, 6]);
  expect(fish).toEqual(Array.from({ length: 180 }, (_, row) => Math.floor(row / 3)));
  const classes = y.tolist() as number[];
  expect([0, 1, 2].map((c) => classes.filter((one) => one === c).length)).toEqual([60, 60, 60]);
  expect(fish.every((one, row) => classes[row] === classes[3 * one])).toBe(true);
  // Random order: the rows of a class are not consecutive.
  expect(classes.filter((c, row) => row > 0 && c !== classes[row - 1]).length).toBeGreaterThan(20);
  const rows = x.tolist() as number[][];
  const apart = (a: number, b: number) => Math.hypot(...rows[a]!.map((value, i) => value - rows[b]![i]!));
  const within = fish.flatMap((_, row) => (row % 3 === 0 ? [apart(row, row + 1)] : []));
  const between = fish.flatMap((_, row) => (row % 3 === 0 && row > 0 ? [apart(row, row - 1)] : []));
  expect(Math.max(...within)).toBeLessThan(0.7);
  expect(Math.min(...between)).toBeGreaterThan(0.7);
});

test('an album is the same for a seed; the blur changes only its pictures, not its fish', () => {
  expect(album(1, 2).x.tolist()).toEqual(album(1, 2).x.tolist());
  expect(album(1, 2).x.tolist()).not.toEqual(album(2, 2).x.tolist());
  const [sharp, blurred] = [album(1, 2, { blur: 0 }), album(1, 2, { blur: 1 })];
  const [first, second] = sharp.x.tolist() as number[][];
  expect(first).toEqual(second);
  expect(blurred.y.tolist()).toEqual(sharp.y.tolist());
  const difference = blurred.x.sub(sharp.x);
  expect(difference.std().item()).toBeCloseTo(1, 1);
});

test('new fish are a thousand of each size', () => {
  const { x, y } = newFish();
  expect(x.shape).toEqual([3000, 6]);
  const classes = y.tolist() as number[];
  expect([0, 1, 2].map((c) => classes.filter((one) => one === c).length)).toEqual([1000, 1000, 1000]);
});
