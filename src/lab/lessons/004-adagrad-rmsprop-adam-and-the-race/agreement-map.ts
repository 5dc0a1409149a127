import { PlotError } from '../../../errors';
import { contour, Figure, type PlotlyTrace } from '../../plot';
import { cellMark, mark, orNowhere } from '../../plot/marks';
import { ink } from '../../plot/theme';

/** Options of {@link agreementMap}. */
export interface AgreementMapOptions {
  /** The first coordinates of the starts, ascending and equally spaced. */
  x: readonly number[];
  /** The second coordinates. */
  y: readonly number[];
  /** Positions with a star and a letter, A, B and so on. Default: none. */
  goals?: readonly (readonly [number, number])[];
  /** A position with a ring. Default: none. */
  start?: readonly [number, number];
  /** The line above the figure. Default: none. */
  title?: string;
  /** Height of the drawing in pixels. Default: 360. */
  height?: number;
}

/** The colours of starts by the number of goals reached; different from the racers' colours. */
const goalColors = ['#D9D9D9', '#DDB94F', '#5C4400'] as const;

const classes = ['one goal', 'two goals', 'three goals'].map((name, i) => [name, goalColors[i]!] as const);

/**
 * A map of starts, coloured by the number of goals that racers from there reach: one row of counts, 1 to 3, for each y.
 *
 * @example
 * agreementMap([[1, 2], [1, 3]], { x: [0, 1], y: [0, 1] })
 * @throws {PlotError} if rows or columns do not fit, or a count is not 1, 2 or 3.
 */
export function agreementMap(counts: readonly (readonly number[])[], options: AgreementMapOptions): Figure {
  const { x, y, goals = [], start, title, height = 360 } = options;
  if (counts.length !== y.length || counts.some((row) => row.length !== x.length))
    throw new PlotError(`agreementMap: expected ${y.length} rows of ${x.length} counts`);
  const wrong = counts.flat().find((count) => ![1, 2, 3].includes(count));
  if (wrong !== undefined) throw new PlotError(`agreementMap: counts are 1, 2 or 3, got ${wrong}`);
  const half = (values: readonly number[]) => (values[1]! - values[0]!) / 2;
  const around = (values: readonly number[]): [number, number] => [
    values[0]! - half(values),
    values.at(-1)! + half(values),
  ];
  const { layout } = contour((u) => u, {
    domain: { x: around(x), y: around(y) },
    ...{ resolution: 2, height, xLabel: 'start w₁', yLabel: 'start w₂' },
    ...(title !== undefined && { title }),
  });
  const edges = classes.flatMap(([, color], i): [number, string][] => [
    [i / 3, color],
    [(i + 1) / 3, color],
  ]);
  const cells: PlotlyTrace = cellMark({
    name: 'goals',
    x: [...x],
    y: [...y],
    z: counts.map((row) => [...row]),
    zmin: 0.5,
    zmax: 3.5,
    colorscale: edges,
    hover: 'start (%{x}, %{y})<br>goals: %{z}<extra></extra>',
  });
  const marker = (name: string, places: readonly (readonly [number, number])[], look: object): PlotlyTrace =>
    mark({
      name,
      x: orNowhere(places.map(([u]) => u)),
      y: orNowhere(places.map(([, v]) => v)),
      marker: look,
      legend: true,
    });
  const outline = { color: ink, width: 1 };
  const key = classes.map(([name, color]) => marker(name, [], { symbol: 'square', size: 13, color, line: outline }));
  const stars = { symbol: 'star', size: 13, color: ink, line: { color: '#FFFFFF', width: 1 } };
  const ring = { symbol: 'circle', size: 12, color: '#FFFFFF', line: { color: ink, width: 3 } };
  const number = (many: number) => counts.flat().filter((count) => count === many).length;
  return new Figure({
    data: [
      cells,
      ...key,
      marker('goal', goals, stars),
      marker('this start', start ? [start] : [], ring),
      letters(goals),
    ],
    layout,
    description:
      `A map of ${counts.flat().length} starts${title ? `: ${title}` : ''}. ` +
      `One goal from ${number(1)}, two from ${number(2)}, three from ${number(3)}.`,
  });
}

/** A letter above each goal. */
function letters(goals: readonly (readonly [number, number])[]): PlotlyTrace {
  return mark({
    name: 'letters',
    x: goals.map(([x]) => x),
    y: goals.map(([, y]) => y + 0.3),
    text: goals.map((_, k) => `<b>${String.fromCharCode(65 + k)}</b>`),
    textposition: 'top center',
    textfont: { size: 15, color: ink },
  });
}
