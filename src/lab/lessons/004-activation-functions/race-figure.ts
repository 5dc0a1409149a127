import { Figure, type PlotlyLayout, type PlotlyTrace } from '../../plot/figure';
import { mark } from '../../plot/marks';
import { axis, baseLayout } from '../../plot/theme';
import { lookOf } from './activations';

/** Losses of several nets by epoch: median, minimum and maximum. */
export interface RaceCourse {
  name: string;
  median: readonly number[];
  least: readonly number[];
  /** null where a net has diverged. */
  largest: readonly (number | null)[];
}

/**
 * Test losses up to an epoch, on a log axis: lines are medians, bands go from the minimum to the maximum, or
 * to the top if a net has diverged.
 */
export function raceFigure(
  courses: readonly RaceCourse[],
  epoch: number,
  options: { title?: string; height?: number } = {},
): Figure {
  const { title, height = 280 } = options;
  const until = Array.from({ length: epoch + 1 }, (_, i) => i);
  const all = courses.flatMap(({ least, largest }) => [...least, ...largest.filter((loss) => loss !== null)]);
  const range: [number, number] = [Math.log10(Math.min(...all)) - 0.05, Math.log10(Math.max(...all)) + 0.05];
  const top = 10 ** range[1];
  const data = courses.flatMap(({ name, median, least, largest }): PlotlyTrace[] => {
    const { color, dash, symbol, width } = lookOf(name);
    const of = (losses: readonly (number | null)[]) => until.map((i) => losses[i] ?? top);
    const group = { name, legendgroup: name };
    return [
      mark({
        ...group,
        x: [...until, ...[...until].reverse()],
        y: [...of(largest), ...of(least).reverse()],
        fill: 'toself',
        fillcolor: `${color}18`,
        line: { width: 0 },
      }),
      mark({
        ...group,
        x: until,
        y: of(median),
        line: { color, dash, width: Math.min(3, width) },
        legend: true,
      }),
      mark({
        ...group,
        x: [epoch],
        y: [median[epoch]!],
        marker: { color, symbol, size: 11, line: { color: '#FFFFFF', width: 1.5 } },
      }),
    ];
  });
  const layout: PlotlyLayout = {
    ...baseLayout({ title, legend: courses.map(({ name }) => name), plotHeight: height, axes: true }),
    xaxis: { ...axis('epoch', [-0.4, courses[0]!.median.length - 0.5]), dtick: 5 },
    yaxis: { ...axis('loss on digits not seen', range, true) },
  };
  const words = courses.map(({ name, median }) => `${name} ${median[epoch]!.toFixed(2)}`).join(', ');
  return new Figure({
    data,
    layout,
    description: `${title ?? 'Losses by epoch'}. Medians at epoch ${epoch}: ${words}.`,
  });
}
