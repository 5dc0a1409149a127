import { formatNumber, type NumberList } from '../../display';
import { PlotError } from '../../errors';
import { arrowMark, shafts } from './arrows';
import { Figure, hasOwnColour, type PlotlyLayout, type PlotlyTrace } from './figure';
import { checkRange, compact, type Domain, extent, type Point, type Points, toNumbers, toPath, toPoint } from './input';
import { mark } from './marks';
import { between, type Path, place } from './overlay';
import { axis, baseLayout, dashes, legendNames, palette, symbols } from './theme';

/** The decision boundary of a linear unit: weights · (x, y) + bias = 0. */
export interface ScatterLine {
  /** Two weights; the line is perpendicular to them. */
  weights: Point;
  /** Default: 0, a line through the origin. */
  bias?: number;
  /** Its name in the legend. Default: “line”. */
  name?: string;
  /** Whether the side where weights · (x, y) + bias is positive is shaded, in the second class's colour. Default: false. */
  side?: boolean;
  /** Its colour. Default: the next of the palette after the classes'. */
  color?: string;
}

/** Options of {@link scatter}. */
export interface ScatterOptions {
  /** The class of each point, from 0 to 6. Default: all 0. */
  classes?: NumberList;
  /** The names of the classes in the legend. Default: “class 0”, …; no legend for a single class. */
  names?: readonly string[];
  /** The classes' colours, as `#RRGGBB`. Default: those of all figures, in order. */
  colors?: readonly string[];
  /** Straight lines. One outside the picture, or without weights, is not drawn. Default: none. */
  lines?: readonly ScatterLine[];
  /** Other lines, such as a curved boundary. Default: none. */
  paths?: readonly Path[];
  /** The indices of points with a ring around them. Default: none. */
  rings?: NumberList;
  /** The name of the rings, for the legend. Default: “ring”. */
  ringName?: string;
  /** Arrows, from `at` to `at` + `along`. Default: none. */
  arrows?: readonly { at: Point; along: Point }[];
  /** The name of the arrows, for the legend. Default: “arrow”. */
  arrowName?: string;
  /** The shown range. Default: all points, with padding. */
  domain?: Domain;
  /** Whether a unit is equally long on both axes, so that a right angle looks right. Default: true. */
  equalAspect?: boolean;
  /** The line above the figure. Default: none. */
  title?: string;
  /** The name of the first axis. Default: none. */
  xLabel?: string;
  /** The name of the second axis. Default: none. */
  yLabel?: string;
  /** Width of the figure in pixels. Default: as equal axes need; without `equalAspect`, the width of the page. */
  width?: number;
  /** Height of the drawing in pixels; title, axis labels and legend come on top. Default: 380. */
  height?: number;
}

type Pair = [number, number];

/**
 * Points in a plane, with a colour and a shape for each class, and the borders of a classifier: straight lines, of
 * which one side may be shaded, curves, rings around points and arrows.
 *
 * @example
 * manualSeed(0);
 * const { x, y } = datasets.clusters([[-2, -2], [2, 2]], { perCentre: 50 });
 * plot.scatter(x, { classes: y, lines: [{ weights: [1, 1], bias: 0, side: true }] })
 * @throws {PlotError} if there are no points, one is not finite, or classes, rings or lines do not fit.
 */
export function scatter(points: Points, options: ScatterOptions = {}): Figure {
  const { lines = [], paths = [], arrows, title, xLabel, yLabel, equalAspect = true } = options;
  const [xName, yName] = [xLabel ?? 'x', yLabel ?? 'y'];
  const { ringName = 'ring', arrowName = 'arrow', height = 380 } = options;
  const all = toPath(points, 'scatter');
  const odd = all.findIndex((point) => !point.every(Number.isFinite));
  if (odd >= 0) throw new PlotError(`scatter: points must be finite, number ${odd} is (${all[odd]})`);
  const box = boxOf(all, options.domain);
  const at = coordinatesIn(box);
  const groups = classesOf(all, options);
  const read = lines.map((line, i) => readLine(line, groups.length + i));
  const rings = options.rings && toNumbers(options.rings, 'scatter: rings');
  const missing = rings?.find((i) => !all[i]);
  if (missing !== undefined)
    throw new PlotError(`scatter: there is no point ${missing} to ring; there are ${all.length}`);
  const data: PlotlyTrace[] = [
    ...read.filter(({ side }) => side).map((line) => shadeOf(line, box, at)),
    ...groups.map(
      ({ name, points }, k): PlotlyTrace =>
        mark({
          name,
          ...at(points.length ? points : [null]),
          marker: {
            color: options.colors?.[k] ?? palette[k],
            size: all.length > 12 ? 7 : 10,
            symbol: symbols[k % symbols.length],
            opacity: 0.85,
          },
          hover: `${xName} %{x}<br>${yName} %{y}<extra>${name}</extra>`,
          legend: groups.length > 1,
          ...(options.colors?.[k] && { [hasOwnColour]: true }),
        }),
    ),
    ...paths.map(({ points: places, name = 'path' }, i) => ({
      ...strokeOf(name, lookOf(groups.length + lines.length + i)),
      ...at(toPath(places, `scatter: path “${name}”`)),
    })),
    ...read.map(({ name, ends, look }) => ({ ...strokeOf(name, look), ...at(ends(box) ?? [null]) })),
    ...(rings ? [ringsOf(ringName, at(rings.length ? rings.map((i) => all[i]!) : [null]))] : []),
    ...(arrows ? [arrowsOf(arrowName, arrows, at)] : []),
  ];
  const sides = [box.x[1] - box.x[0], box.y[1] - box.y[0]] as const;
  const natural = Math.round(Math.min(640, Math.max(240, (height * sides[0]) / sides[1]))) + 100;
  const width = options.width ?? (equalAspect ? natural : undefined);
  const layout: PlotlyLayout = {
    ...baseLayout({ title, legend: legendNames(data), width, plotHeight: height, axes: true }),
    xaxis: { ...axis(xLabel, box.x), ...(equalAspect && { constrain: 'domain' }) },
    yaxis: { ...axis(yLabel, box.y), ...(equalAspect && { constrain: 'domain', scaleanchor: 'x', scaleratio: 1 }) },
  };
  const description = [
    `Points${title ? `: ${title}` : ''}.`,
    `${xName} runs from ${between(box.x)}, ${yName} from ${between(box.y)}.`,
    ...groups.map(({ name, points: { length } }) => `“${name}”: ${length} ${length === 1 ? 'point' : 'points'}.`),
    ...read.map(({ name, weights: [a, b], bias, ends }) => {
      const where = ends(box) ? '' : ', not in the picture';
      return `Line “${name}”: ${formatNumber(a)} ${xName} + ${formatNumber(b)} ${yName} + ${formatNumber(bias)} = 0${where}.`;
    }),
    ...paths.map(({ name = 'path' }) => `A line “${name}”.`),
    ...(rings?.length ? [`${ringName} around ${rings.map((i) => place(all[i]!)).join(', ')}.`] : []),
    ...(arrows?.length ? [`${arrows.length} ${arrows.length === 1 ? 'arrow' : 'arrows'} (${arrowName}).`] : []),
  ].join(' ');
  return new Figure({ data, layout, description });
}

interface Box {
  x: Pair;
  y: Pair;
}

type At = (places: readonly (Pair | null)[]) => { x: (number | null)[]; y: (number | null)[] };

function boxOf(points: readonly Pair[], domain: Domain | undefined): Box {
  if (domain) return { x: checkRange(domain.x, 'scatter: domain.x'), y: checkRange(domain.y, 'scatter: domain.y') };
  const side = (k: 0 | 1): Pair => {
    const [low, high] = extent(points.map((point) => point[k]));
    const room = low === high ? 1 : 0.08 * (high - low);
    return [low - room, high + room];
  };
  return { x: side(0), y: side(1) };
}

function coordinatesIn(box: Box): At {
  const part = (places: readonly (Pair | null)[], side: 0 | 1, [low, high]: Pair) =>
    compact(
      places.map((one) => one?.[side] ?? null),
      high - low,
    );
  return (places) => ({ x: part(places, 0, box.x), y: part(places, 1, box.y) });
}

function classesOf(points: Pair[], { classes, names }: ScatterOptions): { name: string; points: Pair[] }[] {
  const numbers = classes ? toNumbers(classes, 'scatter: classes') : points.map(() => 0);
  if (numbers.length !== points.length)
    throw new PlotError(`scatter: ${points.length} points and ${numbers.length} classes; there must be one for each`);
  const most = names?.length ?? palette.length;
  const wrong = numbers.find((k) => !(Number.isInteger(k) && k >= 0 && k < most));
  if (wrong !== undefined)
    throw new PlotError(`scatter: classes must be whole numbers from 0 to ${most - 1}, got ${wrong}`);
  const count = names?.length ?? Math.max(...numbers) + 1;
  return Array.from({ length: count }, (_, k) => ({
    name: names?.[k] ?? (count > 1 ? `class ${k}` : 'points'),
    points: points.filter((_, i) => numbers[i] === k),
  }));
}

interface Look {
  color: string;
  dash: string;
  isOwn: boolean;
}

const lookOf = (i: number, color?: string): Look => ({
  color: color ?? palette[i % palette.length]!,
  dash: dashes[i % dashes.length]!,
  isOwn: color !== undefined,
});

function strokeOf(name: string, { color, dash, isOwn }: Look): PlotlyTrace {
  return mark({
    ...(isOwn && { [hasOwnColour]: true }),
    name,
    line: { color, width: 2.4, dash },
    hover: `${name}<extra></extra>`,
    legend: true,
  });
}

interface ReadLine {
  name: string;
  weights: Pair;
  bias: number;
  side: boolean;
  look: Look;
  /** The points where it enters and leaves the box; undefined if it does not. */
  ends(box: Box): [Pair, Pair] | undefined;
}

function readLine({ name = 'line', weights, bias = 0, side = false, color }: ScatterLine, i: number): ReadLine {
  const [a, b] = toPoint(weights, `scatter: weights of line “${name}”`);
  if (!Number.isFinite(bias)) throw new PlotError(`scatter: bias of line “${name}” must be finite, got ${bias}`);
  const ends = (box: Box): [Pair, Pair] | undefined => {
    const crossings = around(box).flatMap(([from, to]): Pair[] => {
      const crossing = crossingOf(from, to, ([x, y]) => a * x + b * y + bias);
      return crossing ? [crossing] : [];
    });
    const [first] = crossings;
    const other = first && crossings.find(([x, y]) => x !== first[0] || y !== first[1]);
    return other && [first, other];
  };
  // The first line is solid: it is the important one.
  return { name, weights: [a, b], bias, side, look: { ...lookOf(i, color), dash: dashes[0]! }, ends };
}

/** The four sides of the box, in cyclic order. */
function around({ x: [left, right], y: [bottom, top] }: Box): [Pair, Pair][] {
  const corners: Pair[] = [
    [left, bottom],
    [right, bottom],
    [right, top],
    [left, top],
  ];
  return corners.map((corner, i) => [corner, corners[(i + 1) % 4]!]);
}

/** The zero of a linear function between two points, exactly one of which is negative. */
function crossingOf(from: Pair, to: Pair, f: (point: Pair) => number): Pair | undefined {
  const [before, after] = [f(from), f(to)];
  if (before >= 0 === after >= 0) return undefined;
  const t = before / (before - after);
  return [from[0] + t * (to[0] - from[0]), from[1] + t * (to[1] - from[1])];
}

/** The part of the box where the line's unit is positive. */
function shadeOf({ name, weights: [a, b], bias }: ReadLine, box: Box, at: At): PlotlyTrace {
  const score = ([x, y]: Pair) => a * x + b * y + bias;
  const corners = around(box).flatMap(([from, to]): Pair[] => {
    const crossing = crossingOf(from, to, score);
    return [...(score(from) >= 0 ? [from] : []), ...(crossing ? [crossing] : [])];
  });
  return mark({
    name: `${name}, positive side`,
    ...at(corners.length ? [...corners, corners[0]!] : [null]),
    fill: 'toself',
    fillcolor: `${palette[1]}2E`,
    line: { width: 0 },
  });
}

/** Violet: a ring is visible among points, on shades, and on white and dark pages. */
const ringColor = palette[6]!;

function ringsOf(name: string, places: ReturnType<At>): PlotlyTrace {
  return mark({
    name,
    ...places,
    marker: { symbol: 'circle-open', size: 19, color: ringColor, line: { width: 3, color: ringColor } },
    legend: true,
  });
}

function arrowsOf(name: string, arrows: NonNullable<ScatterOptions['arrows']>, at: At): PlotlyTrace {
  const ends = arrows.map(({ at: from, along }, i): [Pair, Pair] => {
    const [x, y] = toPoint(from, `scatter: arrow ${i}: at`);
    const [u, v] = toPoint(along, `scatter: arrow ${i}: along`);
    return [
      [x, y],
      [x + u, y + v],
    ];
  });
  const look = { color: palette[4]!, width: 2.6, tail: 5, head: 13 };
  return arrowMark(look, { name, ...at(ends.length ? shafts(ends) : [null]), legend: true });
}
