import { expect, it } from 'vitest';
import { ticksAt } from '../../../../src/lab/lessons/004-vanishing-eight-layers-of-sigmoids';
import { curves } from '../../../../src/lab/plot';

it('marks a logarithmic axis at the given values and keeps the rest of the figure', () => {
  const before = curves([{ name: 'a', x: [1, 4, 16], y: [0, 1, 2] }], { xLog: true, xLabel: 'g' });
  const after = ticksAt(before, [1, 4, 16]);
  expect(after.layout.xaxis).toEqual({
    ...(before.layout.xaxis as object),
    tickmode: 'array',
    tickvals: [1, 4, 16],
    ticktext: ['1', '4', '16'],
    tickfont: { size: 12 },
  });
  expect(after.layout.yaxis).toEqual(before.layout.yaxis);
  expect(after.data).toEqual(before.data);
  expect(after.description).toBe(before.description);
});
