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

describe.each(kinds)('what the chapter says of losses for digits, by %s', (kind) => {
  it('one layer: squares on scores make the most mistakes, and one-sided ones take most of that away', () => {
    const [entropy, softmax, squares, oneSided] = [
      'cross entropy',
      'squares on softmax',
      'squares on scores',
      'one-sided squares',
    ].map((loss) => best('one layer', kind, loss));
    expect(squares).toBeGreaterThan(Math.max(entropy!, softmax!) + 1);
    expect(squares! - oneSided!).toBeGreaterThan((squares! - entropy!) / 2);
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

  it('the rates that are tried reach beyond the chosen one, on both sides', () => {
    for (const net of ['true labels', 'one layer'])
      for (const [loss, all] of Object.entries(runs[net]![kind]!)) {
        const place = all.indexOf(bestOf(all));
        expect([net, loss, place > 0 && place < all.length - 1]).toEqual([net, loss, true]);
      }
  });
});

it('under SGD squares need larger rates, and at that of cross entropy they are far behind', () => {
  const rateOf = (loss: string) => bestOf(runs['true labels']!.SGD![loss]!).rate;
  const entropy = rateOf('cross entropy');
  expect(rateOf('squares on scores') / entropy).toBeGreaterThan(4);
  expect(rateOf('squares on softmax') / entropy).toBeGreaterThan(8);
  for (const loss of ['squares on scores', 'squares on softmax']) {
    const near = runs['true labels']!.SGD![loss]!.filter(({ rate }) => rate <= entropy * 1.3);
    const there = near.length ? Math.min(...near.map((one) => mean(one, 1))) : Number.POSITIVE_INFINITY;
    expect(there).toBeGreaterThan(best('true labels', 'SGD', 'cross entropy') + 2);
  }
});
