// Invisible traces that keep axes in panels without visible traces.

import { expect, test } from 'vitest';
import { axisKeepers } from '../../../page/questions/lesson';

const planar = ['xaxis', 'yaxis', 'xaxis2', 'yaxis2'];

test.each<[string, number[], string[], object[]]>([
  ['nothing is hidden', [], planar, []],
  ['each panel has a visible trace', [1], planar, []],
  ['the first panel has no visible trace', [0, 1], planar, [{ xaxis: 'x', yaxis: 'y' }]],
  ['the second panel has no visible trace', [2], planar, [{ xaxis: 'x2', yaxis: 'y2' }]],
  ['hidden traces have no axes', [0, 1], ['xaxis2', 'yaxis2'], []],
])('traces without points where %s', (_, hides, axes, keepers) => {
  const traces = [{ type: 'bar' }, { type: 'bar' }, { type: 'scatter', xaxis: 'x2', yaxis: 'y2' }];
  const data = traces.map((trace, k) => (hides.includes(k) ? { ...trace, visible: false } : trace));
  const layout = Object.fromEntries(axes.map((axis) => [axis, {}]));
  expect(axisKeepers({ data, layout })).toEqual(
    keepers.map((keeper) => expect.objectContaining({ ...keeper, x: [null], y: [null], showlegend: false })),
  );
});
