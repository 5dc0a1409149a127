import { PlotError } from '../../../errors';
import { Figure, type PlotlyTrace } from '../../plot';
import { axis, baseLayout, neutral } from '../../plot/theme';
import type { RaceResult } from '../../races';
import { lettersOf } from './goals';

const onTheWay = 'on the way';

/**
 * Who is where after so many steps: a row for each racer, with a ball in its colour, and a column for each goal; whoever is not
 * within `reach` of one, 0.5 unless told, is on the way.
 *
 * @example
 * goalBoard(races.race(races.landscapes.himmelblau(), races.racers()), 100)
 * @throws {PlotError} if there are no runs, or the step is not among those of the race.
 */
export function goalBoard({ runs, steps, landscape }: RaceResult, step: number, reach = 0.5): Figure {
  if (!runs.length) throw new PlotError('goalBoard: expected a race with at least one run');
  if (!Number.isInteger(step) || step < 0 || step > steps)
    throw new PlotError(`goalBoard: step must be a whole number from 0 to ${steps}, got ${step}`);
  const goals = landscape.minima;
  const columns = [onTheWay, ...lettersOf(goals)];
  const places = runs.map(({ path }) => {
    const [x, y] = path[Math.min(step, path.length - 1)]!;
    return columns[1 + goals.findIndex(([u, v]) => Math.hypot(x - u, y - v) < reach)]!;
  });
  const names = runs.map(({ racer }) => racer.name);
  const colors = runs.map(({ racer }) => racer.color ?? neutral);
  const standing: PlotlyTrace = {
    type: 'scatter',
    mode: 'markers',
    name: 'where',
    x: places,
    y: names,
    marker: { size: 19, color: colors, line: { color: '#FFFFFF', width: 1 } },
    hovertemplate: '%{y}: %{x}<extra></extra>',
    showlegend: false,
  };
  const rows = { type: 'category', categoryorder: 'array', title: { text: '' } } as const;
  return new Figure({
    data: [standing],
    layout: {
      ...baseLayout({ legend: [], plotHeight: 300, axes: true }),
      xaxis: {
        ...axis(`within ${reach} of goal`),
        ...{ type: 'category', categoryorder: 'array', categoryarray: columns, range: [-0.6, columns.length - 0.5] },
        tickangle: 0,
      },
      yaxis: {
        ...rows,
        ...{ categoryarray: [...names].reverse(), range: [-0.5, names.length - 0.5] },
      },
    },
    description: `Step ${step}: ${names.map((name, k) => `${name} ${places[k]}`).join(', ')}.`,
  });
}
