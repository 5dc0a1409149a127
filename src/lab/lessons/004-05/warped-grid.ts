import { PlotError } from '../../../errors';
import { Figure, type PlotlyLayout, type PlotlyTrace } from '../../plot/figure';
import { checkRange, compact, type Domain, extent, type Points, spread, toPath, toPoint } from '../../plot/input';
import { between, place } from '../../plot/overlay';
import { axis, baseLayout, legendNames, neutral, palette, symbols } from '../../plot/theme';

/** Points of one kind. */
export interface PointGroup {
  name: string;
  points: Points;
}

/** Options of {@link warpedGrid}. */
export interface WarpedGridOptions {
  /** The rectangle whose grid is carried. Default: -1 to 1 in both directions. */
  domain?: Domain;
  /** How many lines there are in each direction, from 2 on. Default: 7. */
  lines?: number;
  /** Points of the rectangle that are carried with it, such as those of two classes. Default: none. */
  points?: readonly PointGroup[];
  /** A straight line across the picture, after the map: `[a, b, c]` of a·x + b·y + c = 0. Default: none. */
  cut?: readonly [a: number, b: number, c: number];
  /** What the line is, for the legend, which has it with or without a line: so a slider's figures are alike. Default: none. */
  cutName?: string;
  /** What is shown, after the map. Default: what the grid needs, with a little room. */
  range?: Domain;
  /** The line above the figure. Default: none. */
  title?: string;
  /** The name of the first axis. Default: “x₁”. */
  xLabel?: string;
  /** The name of the second axis. Default: “x₂”. */
  yLabel?: string;
  /** Width of the figure in pixels. Default: as wide as the page. */
  width?: number;
  /** Height of the drawing in pixels; title, axis labels and legend come on top. Default: 340. */
  height?: number;
}

/** Places along a line of the grid: enough for a bend to look round. */
const along = 25;

/**
 * Where a map takes a rectangle: its grid, points in it, and a straight line that may cut the result. A straight map keeps the lines
 * straight, a layer of a net with an activation bends them. A `slider` over maps carries the grid through a net, as a line of `cut`
 * that comes and goes does not disturb.
 *
 * @example
 * warpedGrid((x, y) => [Math.tanh(x + y), Math.tanh(x - y)], { points: [{ name: 'corner', points: [[1, 1]] }] })
 * @throws {PlotError} if the map gives something else than two finite numbers, there are fewer than two lines, or the line's
 *   coefficients are not finite or do not tell a direction.
 */
export function warpedGrid(
  map: (x: number, y: number) => readonly [number, number],
  options: WarpedGridOptions = {},
): Figure {
  const { domain = { x: [-1, 1], y: [-1, 1] }, lines = 7, points = [], cut, cutName, title } = options;
  const { xLabel = 'x₁', yLabel = 'x₂', height = 340 } = options;
  if (!Number.isInteger(lines) || lines < 2)
    throw new PlotError(`warpedGrid: lines must be a whole number from 2 on, got ${lines}`);
  const sides = { x: checkRange(domain.x, 'warpedGrid: domain.x'), y: checkRange(domain.y, 'warpedGrid: domain.y') };
  const carry = (x: number, y: number) => toPoint(map(x, y), `warpedGrid: the map's value at (${x}, ${y})`);
  const family = (which: 'x' | 'y') =>
    spread(sides[which], lines).map((fixed) =>
      spread(sides[which === 'x' ? 'y' : 'x'], along).map((free) =>
        which === 'x' ? carry(fixed, free) : carry(free, fixed),
      ),
    );
  const [upright, level] = [family('x'), family('y')];
  const groups = points.map((group) => {
    const at = toPath(group.points, `warpedGrid: points “${group.name}”`);
    return { name: group.name, at, to: at.map(([x, y]) => carry(x, y)) };
  });
  const reached = [...upright.flat(), ...level.flat(), ...groups.flatMap(({ to }) => to)];
  const box = {
    x: rangeOf(reached, 0, options.range?.x, 'warpedGrid: range.x'),
    y: rangeOf(reached, 1, options.range?.y, 'warpedGrid: range.y'),
  };
  const packed = (places: readonly (readonly [number, number] | null)[]) => ({
    x: compact(
      places.map((at) => at?.[0] ?? null),
      box.x[1] - box.x[0],
    ),
    y: compact(
      places.map((at) => at?.[1] ?? null),
      box.y[1] - box.y[0],
    ),
  });
  const strokes = (name: string, many: readonly [number, number][][], width: number): PlotlyTrace => ({
    type: 'scatter',
    mode: 'lines',
    name,
    ...packed(many.flatMap((line) => [...line, null]).slice(0, -1)),
    line: { color: neutral, width },
    hoverinfo: 'skip',
    showlegend: false,
  });
  const edge = [upright[0]!, upright.at(-1)!, level[0]!, level.at(-1)!];
  const ends = cut && crossing(cut, box);
  const data: PlotlyTrace[] = [
    strokes('grid', [...upright.slice(1, -1), ...level.slice(1, -1)], 1),
    strokes('edge', edge, 2.2),
    {
      type: 'scatter',
      mode: 'lines',
      name: cutName ?? 'cut',
      ...packed(ends ?? [null]),
      line: { color: palette[2], width: 2.6, dash: 'dash' },
      hoverinfo: 'skip',
      showlegend: cutName !== undefined,
    },
    ...groups.map(({ name, at, to }, i) => ({
      type: 'scatter',
      mode: 'markers',
      name,
      ...packed(to),
      text: at.map(place),
      marker: {
        color: palette[i % palette.length],
        size: 13,
        symbol: symbols[i % symbols.length],
        line: { color: '#FFFFFF', width: 1.5 },
      },
      hovertemplate: `from %{text}<br>to (%{x}, %{y})<extra>${name}</extra>`,
      showlegend: true,
    })),
  ];
  const layout: PlotlyLayout = {
    ...baseLayout({ title, legend: legendNames(data), width: options.width, plotHeight: height, axes: true }),
    xaxis: { ...axis(xLabel, box.x), constrain: 'domain' },
    yaxis: { ...axis(yLabel, box.y), constrain: 'domain', scaleanchor: 'x', scaleratio: 1 },
  };
  const [wide, tall] = [0, 1].map((side) => between(extent(upright.flat().map((at) => at[side]!))));
  const description = [
    `Carried grid${title ? `: ${title}` : ''}.`,
    `x from ${between(sides.x)} and y from ${between(sides.y)} become ${xLabel} from ${wide}, ${yLabel} from ${tall}.`,
    ...groups.map(({ name, at, to }) => {
      const ways = at.map((from, i) => `${place(from)} to ${place(to[i]!)}`);
      return `“${name}”: ${ways.length <= 8 ? ways.join(', ') : `${ways.length} points`}.`;
    }),
    ...(ends ? [`“${cutName ?? 'cut'}” runs from ${ends.map(place).join(' to ')}.`] : []),
  ].join(' ');
  return new Figure({ data, layout, description });
}

function rangeOf(
  places: readonly [number, number][],
  side: 0 | 1,
  given: readonly [number, number] | undefined,
  who: string,
): [number, number] {
  if (given) return checkRange(given, who);
  const [low, high] = extent(places.map((at) => at[side]));
  const room = low === high ? 1 : 0.06 * (high - low);
  return [low - room, high + room];
}

/** The two places where a·x + b·y + c = 0 enters and leaves the picture; none where it passes by. */
function crossing(
  [a, b, c]: readonly [number, number, number],
  { x, y }: { x: [number, number]; y: [number, number] },
): [number, number][] | undefined {
  if (![a, b, c].every(Number.isFinite) || (a === 0 && b === 0))
    throw new PlotError(`warpedGrid: cut must be three finite numbers that tell a line, got [${a}, ${b}, ${c}]`);
  const found: [number, number][] = [
    ...(b === 0 ? [] : x.map((at): [number, number] => [at, -(a * at + c) / b])),
    ...(a === 0 ? [] : y.map((at): [number, number] => [-(b * at + c) / a, at])),
  ];
  const air = 1e-9 * (x[1] - x[0] + y[1] - y[0]);
  const inside = found.filter(([u, v]) => u >= x[0] - air && u <= x[1] + air && v >= y[0] - air && v <= y[1] + air);
  const first = inside[0];
  const last = inside.find((at) => first && Math.hypot(at[0] - first[0], at[1] - first[1]) > 2 * air);
  return first && last && [first, last];
}
