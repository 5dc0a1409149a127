import { formatNumber, type NumberList, type NumberMatrix, toPlain } from '../../../display';
import { PlotError } from '../../../errors';
import { Figure, type PlotlyTrace } from '../../plot/figure';
import { compact, toNumbers } from '../../plot/input';
import { cellMark, mark, orNowhere } from '../../plot/marks';
import { baseLayout, divergingScale, ink, neutral, palette } from '../../plot/theme';
import { type Cell, directions, type GridWorld } from './grid-world';

/** Options of {@link policy}. */
export interface PolicyOptions {
  /** Values of the cells, shown as colours: orange above 0, blue below. Default: none. */
  values?: NumberList;
  /** The cells of a walk. Default: none. */
  track?: readonly Cell[];
  /** The line above the figure. Default: none. */
  title?: string;
  /** Width of the figure in pixels. Default: as wide as the page. */
  width?: number;
  /** Height of the drawing in pixels. Default: 300. */
  height?: number;
}

/**
 * The length of an arrow for probability 1, and the distance of its base from the middle, which is also half its width,
 * in cells.
 */
const [longest, foot] = [0.38, 0.11];
/** Smaller probabilities have no arrow. */
const least = 0.02;

/**
 * A grid world seen from above: in each cell an arrow for each action, as long as the action is likely. Treasure and pits are
 * marked by a star and crosses, walls are grey, the start is a ring.
 *
 * @example
 * const world = gridWorld({ size: 5, goal: [0, 4], pits: [[2, 2]], start: [4, 0] });
 * const { history } = reinforce(world, { walks: 200, discount: 0.8 });
 * const { probabilities, values, track } = history[1];
 * policy(world, probabilities, { values, track });
 * @param probabilities [cells, 4]: for each cell, how likely up, right, down and left are.
 * @throws {PlotError} if probabilities or values do not fit the world, or a probability is not from 0 to 1.
 */
export function policy(world: GridWorld, probabilities: NumberMatrix, options: PolicyOptions = {}): Figure {
  const { track = [], title, width, height = 300 } = options;
  const count = world.moves.length;
  const chances = readChances(probabilities, count);
  const values =
    options.values === undefined ? new Array<number>(count).fill(0) : toNumbers(options.values, 'policy: values');
  if (values.length !== count) {
    throw new PlotError(`policy: values needs one for each of the ${count} cells, got ${values.length}`);
  }
  const layout = {
    ...baseLayout({ title, legend: [], width, plotHeight: height, axes: false }),
    xaxis: { visible: false, range: [-0.5, world.columns - 0.5], constrain: 'domain' },
    yaxis: { visible: false, range: [world.rows - 0.5, -0.5], scaleanchor: 'x', constrain: 'domain' },
  };
  const data = [
    ground(world, values, options.values !== undefined),
    walls(world),
    arrows(world, chances, 'vertical'),
    arrows(world, chances, 'horizontal'),
    way(track),
    marks(world),
  ];
  return new Figure({ data, layout, description: describe(world, chances, options) });
}

function readChances(probabilities: NumberMatrix, count: number): number[][] {
  const rows = toPlain(probabilities) as number[][];
  if (!Array.isArray(rows) || rows.length !== count || rows.some((row) => row.length !== directions.length)) {
    throw new PlotError(`policy: probabilities needs four for each of the ${count} cells, as [cells, 4]`);
  }
  const wrong = rows.flat().find((chance) => !(chance >= 0 && chance <= 1));
  if (wrong !== undefined) throw new PlotError(`policy: a probability must be from 0 to 1, got ${wrong}`);
  return rows;
}

/** Cells in the colours of their values; goal and pits in those of their rewards. */
function ground(world: GridWorld, values: readonly number[], hasValues: boolean): PlotlyTrace {
  const { goal, pit } = world.rewards;
  const rewards = new Map([
    [world.index(world.goal), goal],
    ...world.pits.map((cell) => [world.index(cell), pit] as const),
  ]);
  const colours = values.map((value, at) => rewards.get(at) ?? (world.moves[at]!.length ? value : 0));
  const most = Math.max(Math.abs(goal), Math.abs(pit)) || 1;
  const rows = Array.from({ length: world.rows }, (_, row) =>
    colours.slice(row * world.columns, (row + 1) * world.columns).map((value) => Number(value.toPrecision(3))),
  );
  return cellMark({
    name: 'values',
    z: rows,
    // Not up to the ends of the scale, on which arrows would be invisible.
    zmin: -1.5 * most,
    zmax: 1.5 * most,
    colorscale: divergingScale,
    gap: 1,
    hover: hasValues ? 'row %{y}, column %{x}<br>value %{z}<extra></extra>' : 'row %{y}, column %{x}<extra></extra>',
  });
}

function walls({ walls }: GridWorld): PlotlyTrace {
  const corners = [-0.5, 0.5, 0.5, -0.5];
  return mark({
    name: 'walls',
    x: orNowhere(walls.flatMap(([, column]) => [...corners.map((dx) => column + dx), null])),
    y: orNowhere(walls.flatMap(([row]) => [...corners.map((_, i) => row + (i < 2 ? -0.5 : 0.5)), null])),
    fill: 'toself',
    fillcolor: neutral,
    line: { width: 0 },
  });
}

/**
 * A triangle for each vertical or horizontal action, beside the middle of the cell: plotly does not fill overlapping
 * triangles. With a slider, only one coordinate of these changes.
 */
function arrows(
  { moves, columns }: GridWorld,
  chances: readonly (readonly number[])[],
  axis: 'vertical' | 'horizontal',
) {
  const x: (number | null)[] = [];
  const y: (number | null)[] = [];
  for (const [at, from] of moves.entries()) {
    if (!from.length) continue;
    const [row, column] = [Math.floor(at / columns), at % columns];
    for (const [action, [down, right]] of directions.entries()) {
      if ((down !== 0) !== (axis === 'vertical')) continue;
      const chance = chances[at]![action]!;
      const tip = foot + (chance < least ? 0 : longest * chance);
      x.push(column + foot * (right - down), column + tip * right, column + foot * (right + down), null);
      y.push(row + foot * (down - right), row + tip * down, row + foot * (down + right), null);
    }
  }
  return mark({
    name: `${axis} actions`,
    x: compact(orNowhere(x), columns),
    y: compact(orNowhere(y), columns),
    fill: 'toself',
    fillcolor: ink,
    line: { width: 0 },
  });
}

/** A walk from cell to cell; it is offset where it returns to a cell. */
function way(track: readonly Cell[]): PlotlyTrace {
  const before = new Map<string, number>();
  const points = track.map(([row, column]) => {
    const times = before.get(`${row} ${column}`) ?? 0;
    before.set(`${row} ${column}`, times + 1);
    const aside = 0.16 * Math.min(1, times) + 0.012 * times;
    return [column + aside * Math.cos(2.4 * times), row + aside * Math.sin(2.4 * times)];
  });
  return mark({
    name: 'walk',
    x: compact(orNowhere(points.map(([x]) => x!)), 10),
    y: compact(orNowhere(points.map(([, y]) => y!)), 10),
    line: { color: palette[1], width: 2.5 },
    opacity: 0.8,
  });
}

function marks({ goal, pits, start }: GridWorld): PlotlyTrace {
  const places = [goal, ...pits, start];
  const each = <T>(ofGoal: T, ofPit: T, ofStart: T) => [ofGoal, ...pits.map(() => ofPit), ofStart];
  return mark({
    name: 'goal, pits and start',
    x: places.map(([, column]) => column),
    y: places.map(([row]) => row),
    marker: {
      symbol: each('star', 'x', 'circle-open'),
      size: each(17, 13, 17),
      color: ink,
      line: { color: ink, width: each(0, 0, 2) },
      opacity: 1,
    },
  });
}

/** Row by row the most likely actions, where one has more than half. */
function describe(
  { rows, columns, goal, pits, walls, start, index }: GridWorld,
  chances: readonly (readonly number[])[],
  { title, values, track }: PolicyOptions,
): string {
  const signs = chances.map((four) => '↑→↓←'[four.findIndex((chance) => chance > 0.5)] ?? '·');
  for (const [sign, cells] of [
    ['★', [goal]],
    ['✕', pits],
    ['■', walls],
  ] as const)
    for (const cell of cells) signs[index(cell)] = sign;
  const drawn = Array.from({ length: rows }, (_, row) => signs.slice(row * columns, (row + 1) * columns).join(''));
  const worth = values && formatNumber(toNumbers(values, 'policy: values')[index(start)]!, 2);
  return [
    `Grid world${title ? `: ${title}` : ''}. Likely actions, row by row: ${drawn.join(' ')}.`,
    ` It starts at [${start}]${worth === undefined ? '' : `, of value ${worth}`}.`,
    track?.length ? ` A walk of ${track.length - 1} steps ends at [${track.at(-1)}].` : '',
  ].join('');
}
