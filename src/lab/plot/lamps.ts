import { type NumberList, toPlain } from '../../display';
import { PlotError } from '../../errors';
import { Figure, type PlotlyLayout, type PlotlyTrace } from './figure';
import { toNumbers } from './input';
import { cellMark } from './marks';
import { baseLayout, palette } from './theme';

/** The colours of a dark and a lit lamp, as a scale from 0 to 1. @internal */
export const lampColours: readonly (readonly [number, string])[] = [
  [0, '#6E7681'],
  [1, '#F2B705'],
];

/** Options of {@link lamps} and {@link tiles}. */
export interface LampsOptions {
  /** Number of columns. Default: for a field twice as wide as high. */
  columns?: number;
  /** The line above the figure. Default: none. */
  title?: string;
  /** Width of the figure in pixels. Default: as wide as the page. */
  width?: number;
  /** Height of the drawing in pixels. Default: 240. */
  height?: number;
}

/**
 * A field of lamps, row by row from the upper left, lit where `on` is true or not 0, for example the rows that a net
 * classifies correctly.
 * @example
 * plot.lamps([true, true, false, true], { columns: 2 })
 * @throws {PlotError} if there are none or `columns` is not a whole number above 0.
 */
export function lamps(on: readonly boolean[] | NumberList, options: LampsOptions = {}): Figure {
  const states = toPlain(on);
  if (!Array.isArray(states)) throw new PlotError(`lamps: expected a list or a 1-D tensor, got ${states}`);
  const lit = states.map((one) => (one ? 1 : 0));
  const figure = field('lamps', lit, lampColours, options);
  const count = lit.reduce<number>((sum, one) => sum + one, 0);
  const { title } = options;
  const description = `Lamps${title ? `: ${title}` : ''}. ${count} of ${lit.length} are lit.`;
  return new Figure({ ...figure, description });
}

/**
 * One tile for each row of data, coloured by its group, such as its batch; -1 for none.
 * @example
 * plot.tiles([0, 0, 1, 1, -1, 2], { columns: 3 })
 * @throws {PlotError} if there are none, a group is not a whole number from -1 on, or `columns` does not fit.
 */
export function tiles(groups: NumberList, options: LampsOptions = {}): Figure {
  const numbers = toNumbers(groups, 'tiles');
  const wrong = numbers.find((group) => !Number.isInteger(group) || group < -1);
  if (wrong !== undefined) throw new PlotError(`tiles: a group must be a whole number from -1 on, got ${wrong}`);
  const shades = ['#3A3F46', ...palette];
  const colour = (group: number) => (group < 0 ? 0 : 1 + (group % palette.length));
  const scale = shades.flatMap((shade, i): [number, string][] => [
    [i / shades.length, shade],
    [(i + 1) / shades.length, shade],
  ]);
  const figure = field('tiles', numbers.map(colour), scale, options, shades.length - 1, numbers);
  const many = new Set(numbers.filter((group) => group >= 0)).size;
  const { title } = options;
  const description = `Tiles${title ? `: ${title}` : ''}. ${numbers.length} in ${many} groups.`;
  return new Figure({ ...figure, description });
}

function field(
  who: string,
  values: readonly number[],
  colorscale: readonly (readonly [number, string])[],
  { columns, title, width, height = 240 }: LampsOptions,
  zmax = 1,
  names?: readonly number[],
) {
  if (!values.length) throw new PlotError(`${who}: expected at least one, got none`);
  const wide = columns ?? Math.ceil(Math.sqrt(2 * values.length));
  if (!Number.isInteger(wide) || wide < 1)
    throw new PlotError(`${who}: columns must be a whole number above 0, got ${wide}`);
  const rows = <T>(list: readonly T[]) =>
    Array.from({ length: Math.ceil(values.length / wide) }, (_, row) => {
      const some: (T | null)[] = list.slice(row * wide, (row + 1) * wide);
      return [...some, ...Array<null>(wide - some.length).fill(null)];
    });
  const trace: PlotlyTrace = cellMark({
    name: who,
    z: rows(values),
    ...(names && { text: rows(names.map((name) => (name < 0 ? 'in none' : `group ${name}`))) }),
    zmin: 0,
    zmax,
    colorscale,
    gap: 2,
    hover: names ? '%{text}<extra></extra>' : 'row %{y}, column %{x}<extra></extra>',
  });
  const bare: PlotlyLayout = { visible: false };
  const layout: PlotlyLayout = {
    ...baseLayout({ title, legend: [], width, plotHeight: height, axes: false }),
    xaxis: { ...bare, constrain: 'domain' },
    yaxis: { ...bare, autorange: 'reversed', scaleanchor: 'x', constrain: 'domain' },
  };
  return { data: [trace], layout };
}
