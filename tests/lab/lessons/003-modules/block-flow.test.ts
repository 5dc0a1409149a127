import { describe, expect, it } from 'vitest';
import * as lesson from '../../../../src/lab/lessons/003-modules';

type Drawn = { name?: string; x: number[]; y: number[]; text?: string[] };
const drawn = (...args: Parameters<typeof lesson.blockFlow>) => {
  const { data, description } = lesson.blockFlow(...args);
  const traces = data as unknown as Drawn[];
  const bars = (name: string) => {
    const { x, y } = traces.find((trace) => trace.name === name)!;
    return Array.from({ length: x.length / 6 }, (_, i) => ({ x: x[6 * i]!, height: y[6 * i + 2]! - y[6 * i]! }));
  };
  const [numbers, labels] = traces.slice(-2).map(({ text }) => text!);
  return { bars, numbers: numbers!, labels: labels!, description };
};

describe('blockFlow', () => {
  const copy = drawn('copy', { in: [3], out: [3, 3] }, { in: [2, 5], out: [7] });

  it('draws each number as a bar, inputs left of the block, outputs right, on one scale for each row', () => {
    const values = copy.bars('values');
    expect(values.map(({ x }) => Math.sign(x))).toEqual([-1, 1, 1]);
    expect(new Set(values.map(({ height }) => height.toFixed(9))).size).toBe(1);
    const [first, second, back] = copy.bars('gradients');
    expect([first!.x > 0, second!.x > first!.x, back!.x < 0]).toEqual([true, true, true]);
    expect(first!.height / back!.height).toBeCloseTo(2 / 7, 12);
    expect(second!.height / back!.height).toBeCloseTo(5 / 7, 12);
  });

  it('shows the numbers and their names, and describes them', () => {
    expect(copy.numbers).toEqual(['3', '3', '3', '2', '5', '7']);
    expect(copy.labels).toEqual(['x', 'y₁', 'y₂', '∇y₁', '∇y₂', '∇x']);
    expect(copy.description).toBe(
      'Block copy. Values 3 go in, 3, 3 come out. Back come the gradients 2, 5, and 7 leave.',
    );
    const { labels } = drawn('max', { in: [2, 1], out: [2] }, { in: [1], out: [1, 0] }, { labels: { in: ['a', 'b'] } });
    expect(labels).toEqual(['a', 'b', 'y', '∇y', '∇a', '∇b']);
  });

  it('draws negative numbers downwards from a line in the middle, with the sign', () => {
    const { bars, numbers } = drawn('×', { in: [-2, 3], out: [-6] }, { in: [1], out: [3, -2] });
    const [x1, x2, y] = bars('values');
    expect(x1!.height / y!.height).toBeCloseTo(1 / 3, 12);
    expect(x2!.height / y!.height).toBeCloseTo(1 / 2, 12);
    expect(numbers).toEqual(['−2', '3', '−6', '1', '3', '−2']);
  });

  it('shows a long name above the block, and as many digits as given', () => {
    const { data } = lesson.blockFlow(
      'log-softmax',
      { in: [1.234], out: [0] },
      { in: [1], out: [0] },
      { nameAbove: true, digits: 2 },
    );
    const texts = (data as unknown as Drawn[]).filter(({ text }) => text).map(({ text, y }) => ({ text, y }));
    expect(texts[0]).toEqual({ text: ['<b>log-softmax</b>'], y: [2.12] });
    expect(texts[1]!.text![0]).toBe('1.2');
  });

  it('leaves unknown values empty', () => {
    const { numbers, bars, description } = drawn('copy', { in: [3], out: [3, 3] }, { in: [2, 5], out: [Number.NaN] });
    expect(numbers).toEqual(['3', '3', '3', '2', '5', '?']);
    expect(bars('gradients')[2]!.height).toBe(0);
    expect(description).toContain('and ? leave');
  });

  it('rejects mismatched gradients', () => {
    expect(() => drawn('copy', { in: [3], out: [3, 3] }, { in: [2], out: [7] })).toThrow(
      'blockFlow: 1 values go in and 2 come out; for the backward pass expected 2 and 1 numbers, got 1 and 1',
    );
    expect(() => drawn('', { in: [], out: [3] }, { in: [2], out: [] })).toThrow('something must go in');
    expect(() => drawn('a', { in: [1], out: [3] }, { in: [2], out: [1] }, { labels: { in: ['a', 'b'] } })).toThrow(
      'labels.in has 2 names for 1 numbers',
    );
  });
});
