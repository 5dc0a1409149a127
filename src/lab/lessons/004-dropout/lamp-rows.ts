import { PlotError } from '../../../errors';
import { Figure, type PlotlyLayout } from '../../plot';
import { lampColours } from '../../plot/lamps';
import { cellMark, mark, orNowhere } from '../../plot/marks';
import { axis, baseLayout, ink } from '../../plot/theme';

/** The three states of a lamp: unknown, in a colour readable on light and dark pages, dark, and lit. */
const states: readonly (readonly [number, string])[] = [
  [0, '#CBD0D6'],
  ...lampColours.map(([at, color]) => [(1 + at) / 2, color] as const),
];

/** Options of {@link lampRows}. */
export interface LampRowsOptions {
  /** The name of a row, beside the first axis. Default: “row”. */
  yLabel?: string;
  /** The line above the figure. Default: none. */
  title?: string;
  /** Height of the drawing in pixels. Default: 260. */
  height?: number;
}

/**
 * A row of lamps for each row of data, the first one on top: an active unit is lit, a silent one is not, and an unknown
 * row (null) has a question mark.
 * @throws {PlotError} if there are no rows, no row is known, or they differ in length.
 */
export function lampRows(rows: readonly (readonly boolean[] | null)[], options: LampRowsOptions = {}): Figure {
  const { yLabel = 'row', title, height = 260 } = options;
  const known = rows.filter((row) => row !== null);
  const units = known[0]?.length ?? 0;
  if (units === 0) throw new PlotError('lampRows: expected at least one row with lamps');
  if (known.some((row) => row.length !== units)) throw new PlotError('lampRows: all rows need equally many lamps');
  const numbers = (count: number) => Array.from({ length: count }, (_, i) => i + 1);
  const lit = known.reduce((sum, row) => sum + row.filter(Boolean).length, 0);
  const unknown = rows.flatMap((row, i) => (row === null ? [i + 1] : []));
  const layout: PlotlyLayout = {
    ...baseLayout({ title, legend: [], plotHeight: height, axes: true }),
    xaxis: { ...axis('unit', [0.5, units + 0.5]), tickvals: [1, Math.ceil(units / 2), units], showgrid: false },
    yaxis: { ...axis(yLabel, [rows.length + 0.5, 0.5]), tickvals: [1, rows.length], showgrid: false },
  };
  return new Figure({
    data: [
      cellMark({
        name: 'lamps',
        x: numbers(units),
        y: numbers(rows.length),
        z: rows.map((row) => (row ? row.map(Number) : Array<number>(units).fill(-1))),
        zmin: -1,
        zmax: 1,
        colorscale: states,
        gap: 2,
        hover: `${yLabel} %{y}, unit %{x}<extra></extra>`,
      }),
      mark({
        name: 'not known',
        // Always in the figure, so that frames have equally many traces; plotly knows no attributes of a trace without
        // points.
        x: orNowhere(unknown.map(() => Math.ceil(units / 2))),
        y: unknown.length ? unknown : [null],
        text: unknown.map(() => '?'),
        textfont: { size: 12, color: ink },
      }),
    ],
    layout,
    description:
      `Lamps${title ? `: ${title}` : ''}. ${rows.length} rows of ${units}, not known: ${unknown.length}; ` +
      `${lit} of ${known.length * units} are lit.`,
  });
}

/** The number of positions in which two rows of lamps differ. */
export const distance = (a: readonly boolean[], b: readonly boolean[]): number =>
  a.filter((lamp, i) => lamp !== b[i]).length;

/** All pairs of a list. */
export function pairs<T>(list: readonly T[]): [T, T][] {
  return list.flatMap((a, i) => list.slice(i + 1).map((b): [T, T] => [a, b]));
}
