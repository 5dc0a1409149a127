import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

type Runs = { rate: number; errors: [choose: number, judge: number][] }[];
const { runs } = JSON.parse(
  readFileSync(path.join('notebooks', '001-fastai-book', 'classifier-losses.recorded.json'), 'utf8'),
) as { runs: Record<string, Record<string, Record<string, Runs>>> };
const mean = (all: Runs[number], k: 0 | 1) => all.errors.reduce((sum, one) => sum + one[k], 0) / all.errors.length;
const bestOf = (all: Runs) => all.reduce((best, one) => (mean(one, 0) < mean(best, 0) ? one : best));
const best = (net: string, kind: string, loss: string) => mean(bestOf(runs[net]![kind]![loss]!), 1);
const kinds = ['SGD', 'momentum', 'Adam'];

describe.each(kinds)("the chapter's statements on losses for digits, by %s", (kind) => {
  it('one layer: squares on scores make the most mistakes, and most of that is their pull on the other classes', () => {
    const [entropy, softmax, squares, freeOfTrue, freeOfOthers] = [
      'cross entropy',
      'squares on softmax',
      'squares on scores',
      'one-sided for the true class',
      'one-sided for the others',
    ].map((loss) => best('one layer', kind, loss));
    expect(squares).toBeGreaterThan(Math.max(entropy!, softmax!) + 1);
    expect(squares! - freeOfOthers!).toBeGreaterThan((squares! - entropy!) / 2);
    expect(Math.abs(squares! - freeOfTrue!)).toBeLessThan((squares! - entropy!) / 10);
  });

  it('one layer, even or odd: squares on scores do as well as cross entropy', () => {
    const [entropy, squares] = ['cross entropy', 'squares on scores'].map((loss) =>
      best('one layer, even or odd', kind, loss),
    );
    expect(Math.abs(squares! - entropy!)).toBeLessThan(0.3);
  });

  it('two hidden layers: the pull on the other classes costs nothing, and the push back on the true class helps', () => {
    const [squares, freeOfOthers, freeOfBoth] = [
      'squares on scores',
      'one-sided for the others',
      'one-sided squares',
    ].map((loss) => best('true labels', kind, loss));
    expect(Math.abs(squares! - freeOfOthers!)).toBeLessThan(0.3);
    expect(freeOfBoth).toBeGreaterThan(freeOfOthers! + 0.3);
  });

  it.each(['true labels', '15 % wrong labels'])('two hidden layers, %s: label smoothing helps cross entropy', (net) => {
    const [entropy, smoothed] = ['cross entropy', 'smoothed cross entropy'].map((loss) => best(net, kind, loss));
    expect(smoothed).toBeLessThan(entropy! - 0.4);
  });

  it.each(['true labels', 'true labels, fixed rate', '15 % wrong labels'])(
    'two hidden layers, %s: squares on scores make the fewest mistakes',
    (net) => {
      const [entropy, softmax, squares] = ['cross entropy', 'squares on softmax', 'squares on scores'].map((loss) =>
        best(net, kind, loss),
      );
      expect(squares).toBeLessThan(Math.min(entropy!, softmax!));
    },
  );

  it('the tried rates extend beyond the chosen one, on both sides', () => {
    for (const net of ['true labels', 'one layer'])
      for (const [loss, all] of Object.entries(runs[net]![kind]!)) {
        const place = all.indexOf(bestOf(all));
        expect([net, loss, place > 0 && place < all.length - 1]).toEqual([net, loss, true]);
      }
  });
});

it('two hidden layers, mean of the three: a quarter fewer with squares on scores, and smoothing comes close', () => {
  const meanBy = (loss: string) => kinds.reduce((sum, kind) => sum + best('true labels', kind, loss), 0) / kinds.length;
  const [entropy, smoothed, squares] = ['cross entropy', 'smoothed cross entropy', 'squares on scores'].map(meanBy);
  expect(squares! / entropy!).toBeCloseTo(0.75, 1);
  expect(Math.abs(smoothed! - squares!)).toBeLessThan(0.2);
});

it('after 5 epochs of SGD squares on softmax make twice the errors of cross entropy', () => {
  const after = (loss: string) => best('true labels, 5 epochs', 'SGD', loss);
  expect(after('squares on softmax')).toBeGreaterThan(2 * after('cross entropy'));
});

it('under SGD the best rate of squares on scores is just below the one at which training fails', () => {
  const all = runs['true labels']!.SGD!['squares on scores']!;
  expect(mean(all[all.indexOf(bestOf(all)) + 1]!, 1)).toBeGreaterThan(50);
});
