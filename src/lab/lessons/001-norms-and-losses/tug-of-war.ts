import { formatNumber } from '../../../display';
import { PlotError } from '../../../errors';
import { Figure, type PlotlyLayout } from '../../plot';
import { arrowMark, headSize, shafts } from '../../plot/arrows';
import { mark } from '../../plot/marks';
import { axis, baseLayout, neutral } from '../../plot/theme';

/** A guess at which all weights pull. */
export interface Pulled {
  /** Its name, beside its line. */
  name: string;
  /** Its position. */
  guess: number;
  /** The pull of each weight, to the right if positive. An arrow is as long as its pull. */
  pulls: readonly number[];
  /** The colour of its arrows and of the guess. */
  color: string;
  /** The style of its arrows' shafts, such as `'dot'`. Default: solid. */
  dash?: string;
}

/** Options of {@link tugOfWar}. */
export interface TugOfWarOptions {
  /** The name of the last weight, which is drawn larger and can be dragged by a slider. Default: none is. */
  last?: string;
  /** Smallest and largest number shown. */
  range: readonly [number, number];
  /** The line above the figure. Default: none. */
  title?: string;
  /** The name of the axis. Default: none. */
  xLabel?: string;
}

/** In pixels, the units of the vertical axis: a row, the height of its line, and the distance of stacked arrows. */
const pixels = { row: 140, line: 52, arrow: 12, above: 18, guess: 17, sums: 12 };

/**
 * Weights on a line, and arrows from a guess towards each of them, whose length is the pull; one line for each guess.
 * The sums of the pulls to both sides are at the right of each line.
 * @throws {PlotError} if there is no guess, or not one pull for each weight.
 */
export function tugOfWar(values: readonly number[], rows: readonly Pulled[], options: TugOfWarOptions): Figure {
  const { last, range, title, xLabel } = options;
  if (!rows.length) throw new PlotError('tugOfWar: expected at least one guess');
  if (rows.some(({ pulls }) => pulls.length !== values.length))
    throw new PlotError('tugOfWar: there must be one pull for each weight');
  const height = pixels.row * rows.length;
  const lines = rows.map((_, i) => height - pixels.row * (i + 1) + pixels.line);
  const span = range[1] - range[0];
  const sums = rows.map(({ pulls }) =>
    [-1, 1].map((side) => pulls.reduce((all, pull) => all + Math.max(0, side * pull), 0)),
  );
  const still = last === undefined ? values : values.slice(0, -1);
  const data = [
    ...rows.flatMap(({ name, guess, pulls, color, dash = 'solid' }, i) => {
      const y = lines[i]!;
      const look = {
        color,
        dash,
        width: 2.4,
        tail: 0,
        head: pulls.map((pull) => headSize((900 / span) * Math.abs(pull))),
      };
      const angles = pulls.map((pull) => (pull < 0 ? -90 : 90));
      const levels = pulls.map((_, k) => y + pixels.above + (pulls.length - 1 - k) * pixels.arrow);
      return [
        mark({ name: 'line', x: range, y: [y, y], line: { color: neutral, width: 1 } }),
        arrowMark(
          { ...look, angles },
          {
            name,
            x: shafts(pulls.map((pull) => [guess, guess + pull] as const)),
            y: shafts(levels.map((level) => [level, level] as const)),
          },
        ),
        mark({
          name: `from the guess, ${name}`,
          x: [guess, guess],
          y: [y - pixels.guess, levels[0]! + 6],
          line: { color, width: 1.2 },
        }),
        mark({
          name: `weights, ${name}`,
          x: still,
          y: still.map(() => y),
          marker: { color: neutral, size: 12 },
          hover: true,
        }),
        mark({
          name: `guess, ${name}`,
          x: [guess],
          y: [y - pixels.guess],
          marker: { color, size: 13, symbol: 'triangle-up' },
          text: [formatNumber(Number(guess.toFixed(1)))],
          textposition: 'bottom center',
          textfont: { color, size: 15 },
          hover: 'guess %{x}<extra></extra>',
        }),
        mark({
          name: `sums, ${name}`,
          x: [range[1] - 0.01 * span],
          y: [y + pixels.row - pixels.line - pixels.sums],
          text: [`to the left ${sums[i]![0]!.toFixed(1)} · to the right ${sums[i]![1]!.toFixed(1)}`],
          textposition: 'middle left',
          textfont: { color, size: 13 },
        }),
      ];
    }),
    ...(last === undefined
      ? []
      : [
          mark({
            name: last,
            x: lines.map(() => values.at(-1)!),
            y: [...lines].reverse(), // the last point, which is dragged, on the first line
            marker: { color: '#E0A458', size: 19, line: { color: neutral, width: 1.5 } },
            text: lines.map(() => last),
            textposition: 'bottom center',
            textfont: { size: 15 },
            hover: `${last} = %{x}<extra></extra>`,
          }),
        ]),
  ];
  const layout: PlotlyLayout = {
    ...baseLayout({ title, legend: [], plotHeight: height, axes: true }),
    xaxis: axis(xLabel, [...range]),
    yaxis: {
      ...axis('', [0, height]),
      showgrid: false,
      tickvals: lines,
      ticktext: rows.map(({ name }) => name),
      automargin: true,
    },
  };
  const told = rows.map(
    ({ name, guess, pulls }) =>
      `“${name}” guesses ${formatNumber(Number(guess.toFixed(2)))}, pulled by ${pulls.map((pull) => formatNumber(Number(pull.toFixed(2)))).join(', ')}.`,
  );
  return new Figure({
    data,
    layout,
    description: `Tug of war${title ? `: ${title}` : ''}. Weights at ${values.join(', ')}. ${told.join(' ')}`,
  });
}
