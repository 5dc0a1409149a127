import { PlotError } from '../../../errors';
import { Figure, type PlotlyLayout } from '../../plot';
import { lampColours } from '../../plot/lamps';
import { type Dots, mark, orNowhere } from '../../plot/marks';
import { baseLayout, neutral } from '../../plot/theme';

/** Options of {@link thinNet}. */
export interface ThinNetOptions {
  /** The number of inputs. Default: 4. */
  inputs?: number;
  /** The line above the figure. Default: none. */
  title?: string;
  /** Height of the drawing in pixels. Default: 330. */
  height?: number;
}

/**
 * A net with one hidden layer and one output, from left to right, for one row of data: a silent hidden unit is hollow
 * and has no edges.
 * @example
 * thinNet([true, false, true], { inputs: 2 })
 * @throws {PlotError} if there is no hidden unit, or `inputs` is not a whole number from 1 on.
 */
export function thinNet(speaks: readonly boolean[], options: ThinNetOptions = {}): Figure {
  const { inputs = 4, title, height = 330 } = options;
  if (speaks.length === 0) throw new PlotError('thinNet: expected at least one hidden unit');
  if (!Number.isInteger(inputs) || inputs < 1)
    throw new PlotError(`thinNet: inputs must be a whole number above 0, got ${inputs}`);
  const units = speaks.length;
  /** Positions of a layer, from 0 (top) to 1: a layer of one unit in the middle, larger ones spread out evenly. */
  const places = (count: number) => Array.from({ length: count }, (_, i) => (i + 0.5) / count);
  const [first, hidden, last] = [places(inputs), places(units), places(1)];
  const edges = speaks.flatMap((lit, unit) => {
    const to = hidden[unit]!;
    return lit ? [...first.map((from) => [0, from, 1, to] as const), [1, to, 2, last[0]!] as const] : [];
  });
  const of = (wanted: boolean) => hidden.filter((_, unit) => speaks[unit] === wanted);
  // Always one point, so that frames have equally many traces with the same attributes.
  const dots = (name: string, x: number[], y: number[], marker: Dots) =>
    mark({ name, x: orNowhere(x), y: orNowhere(y), marker, hoverinfo: 'name' });
  const speaking = of(true);
  const silent = of(false);
  const round = { size: 13, line: { color: neutral, width: 1 } };
  const bare = { visible: false, fixedrange: true };
  const layout: PlotlyLayout = {
    ...baseLayout({ title, legend: [], plotHeight: height, axes: false }),
    xaxis: { ...bare, range: [-0.15, 2.15] },
    yaxis: { ...bare, range: [1, 0] },
  };
  return new Figure({
    data: [
      mark({
        name: 'edges',
        x: orNowhere(edges.flatMap(([a, , b]) => [a, b, null])),
        y: orNowhere(edges.flatMap(([, a, , b]) => [a, b, null])),
        line: { color: neutral, width: 1 },
      }),
      dots(
        'silent',
        silent.map(() => 1),
        silent,
        { size: 13, symbol: 'circle-open', color: lampColours[0]![1] },
      ),
      dots(
        'speaks',
        speaking.map(() => 1),
        speaking,
        { ...round, color: lampColours[1]![1] },
      ),
      dots('inputs and output', [...first.map(() => 0), 2], [...first, last[0]!], { ...round, color: neutral }),
    ],
    layout,
    description:
      `A net of ${inputs} inputs, ${units} hidden units and one output${title ? `: ${title}` : ''}. ` +
      `Silent: ${silent.length ? speaks.flatMap((lit, i) => (lit ? [] : [i + 1])).join(', ') : 'none'}.`,
  });
}
