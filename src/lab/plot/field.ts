import { describe } from '../../describe';
import { formatNumber, type NumberList, toPlain } from '../../display';
import { PlotError } from '../../errors';
import { arrowMark, headSize, shafts } from './arrows';
import { Figure, type PlotlyLayout, type PlotlyTrace } from './figure';
import { checkRange, compact, type Domain, extent, type Points, toNumbers, toPath } from './input';
import { between } from './overlay';
import { axis, baseLayout, legendNames, palette, prefix } from './theme';

/** Arrows of one kind: a row on a line, a colour in a plane. */
export interface Arrows {
  /** Their name: beside the row, or in the legend. Default: “arrows”. */
  name?: string;
  /** Their starts: numbers on a line, points in a plane. */
  at: NumberList | Points;
  /** Their directions and lengths: a signed number for each on a line, a vector in a plane. */
  along: NumberList | Points;
  /** Its colour, if it should be the same in several figures. Default: the next of the palette. */
  color?: string | undefined;
}

/** Options of {@link field}. */
export interface FieldOptions {
  /** The shown range: `[low, high]` of a line, `{ x: [low, high], y: [low, high] }` of a plane. */
  domain: readonly [number, number] | Domain;
  /**
   * Whether arrows have the lengths of their vectors, or one length if only the direction matters. Default: `'true'`.
   */
  lengths?: 'true' | 'equal';
  /**
   * The length of an arrow in units of the domain. With true lengths, that of a vector of length 1 (default: 1); with
   * equal lengths, that of every arrow (default: 0.06 of the domain's shorter side).
   */
  scale?: number;
  /** The line above the figure. Default: none. */
  title?: string;
  /** The name of the line, or of the plane's first axis. Default: none. */
  xLabel?: string;
  /** The name of the plane's second axis. Default: none. */
  yLabel?: string;
  /** Width of the figure in pixels. Default: as wide as the page; in a plane, as equal axes need. */
  width?: number;
  /** Height of the drawing in pixels; title, axis labels and legend come on top. Default: 90 a row of a line, 380 for a plane. */
  height?: number;
}

/** Validated arrows: tails, the given vectors, and the drawn tips. */
interface Read {
  name: string;
  color: string;
  tails: [number, number][];
  sizes: number[];
  tips: [number, number][];
}

/** The box of the arrows, in data units, and how to read a list of positions or vectors. */
interface Ground {
  isLine: boolean;
  box: { x: [number, number]; y: [number, number] };
  read(value: unknown, who: string): [number, number][];
}

/**
 * A field of arrows: pushes on samples, votes of points, a velocity and a slope that add up. On a line each kind has a
 * row, and the arrows of a row are stacked, so that long ones do not hide each other; in a plane each kind has a
 * colour, and both axes have one unit. An arrow too short for a head is a dot.
 *
 * @example
 * const onLine = plot.field([{ name: 'push', at: [-1, 0, 1], along: [0.5, 0, -0.5] }], { domain: [-2, 2] });
 * const at = [-1, 0, 1].flatMap((x) => [-1, 0, 1].map((y): [number, number] => [x, y]));
 * const along = at.map(([x, y]): [number, number] => [-y / 2, x / 2]);
 * plot.field([{ name: 'rotation', at, along }], { domain: { x: [-2, 2], y: [-2, 2] } })
 * @throws {PlotError} if there are no arrows, `at` and `along` differ in number or do not fit the domain, something
 *   is not finite, or `scale` is not above 0.
 */
export function field(arrows: readonly Arrows[], options: FieldOptions): Figure {
  const { domain, lengths = 'true', title, xLabel, yLabel } = options ?? {};
  if (!arrows.length) throw new PlotError('field: expected at least one kind of arrows, got none');
  if (lengths !== 'true' && lengths !== 'equal') {
    throw new PlotError(`field: lengths must be 'true' or 'equal', got ${describe(lengths)}`);
  }
  const ground = groundOf(domain, arrows.length);
  const { box, isLine } = ground;
  const sides = [box.x[1] - box.x[0], box.y[1] - box.y[0]] as const;
  const shortest = isLine ? sides[0] : Math.min(...sides);
  const { scale = lengths === 'equal' ? 0.06 * shortest : 1 } = options;
  if (!(scale > 0 && Number.isFinite(scale))) throw new PlotError(`field: scale must be above 0, got ${scale}`);
  const read = arrows.map((group, i) => readArrows(group, i, ground, { lengths, scale }));
  const { height = isLine ? 90 * read.length : 380 } = options;
  const unit = isLine ? usualWidth / sides[0] : height / sides[1];
  const data = read.map((group) => draw(group, ground, { sides, unit, xLabel }));
  const width = options.width ?? (isLine ? undefined : Math.round(Math.min(700, (height * sides[0]) / sides[1])) + 100);
  const layout: PlotlyLayout = {
    ...baseLayout({ title, legend: legendNames(data), width, plotHeight: height, axes: true }),
    xaxis: { ...axis(xLabel, box.x), ...(!isLine && { constrain: 'domain' }) },
    yaxis: isLine
      ? {
          ...axis('', box.y),
          tickvals: read.map((_, i) => 0 - i),
          ticktext: read.map(({ name }) => name),
          automargin: true,
        }
      : { ...axis(yLabel, box.y), constrain: 'domain', scaleanchor: 'x', scaleratio: 1 },
  };
  const words = read.map(({ name, sizes }) => {
    const [least, most] = extent(sizes.map(Math.abs));
    const sides = isLine ? `, ${sizes.filter((size) => size > 0).length} of them to the right` : '';
    return `“${name}”: ${sizes.length} arrows, ${formatNumber(least)} to ${formatNumber(most)} long${sides}.`;
  });
  const axes = isLine
    ? `${xLabel ?? 'The line'} runs from ${between(box.x)}.`
    : `${xLabel ?? 'x'} runs from ${between(box.x)}, ${yLabel ?? 'y'} from ${between(box.y)}.`;
  return new Figure({ data, layout, description: [`Arrows${title ? `: ${title}` : ''}.`, axes, ...words].join(' ') });
}

/** Approximate width of a line, in pixels. */
const usualWidth = 600;
/** Half of a row's height, which its arrows share. */
const halfRow = 0.36;

function groundOf(domain: FieldOptions['domain'] | undefined, rows: number): Ground {
  if (Array.isArray(domain)) {
    return {
      isLine: true,
      box: { x: checkRange(domain as [number, number], 'field: domain'), y: [0.5 - rows, 0.5] },
      read: (value, who) => toNumbers(value, who).map((x): [number, number] => [x, 0]),
    };
  }
  const { x, y } = (domain ?? {}) as Partial<Domain>;
  if (!x || !y) {
    throw new PlotError(
      'field: domain must be [low, high] for a line or { x: [low, high], y: [low, high] } for a plane',
    );
  }
  return {
    isLine: false,
    box: { x: checkRange(x, 'field: domain.x'), y: checkRange(y, 'field: domain.y') },
    read: toPath,
  };
}

function readArrows(
  { name = 'arrows', at, along, color: own }: Arrows,
  row: number,
  { isLine, read }: Ground,
  { lengths, scale }: { lengths: 'true' | 'equal'; scale: number },
): Read {
  const who = `field: “${name}”`;
  const [tails, vectors] = [read(toPlain(at), `${who}: at`), read(toPlain(along), `${who}: along`)];
  if (tails.length !== vectors.length || !tails.length) {
    throw new PlotError(`${who}: ${tails.length} places and ${vectors.length} vectors; there must be one for each`);
  }
  const odd = [...tails, ...vectors].find((pair) => !pair.every(Number.isFinite));
  if (odd) throw new PlotError(`${who}: places and vectors must be finite, got ${isLine ? odd[0] : `[${odd}]`}`);
  const sizes = vectors.map(([u, v]) => (isLine ? u : Math.hypot(u, v)));
  const step = tails.length > 1 ? (2 * halfRow) / (tails.length - 1) : 0;
  const starts = tails.map(([x, y], i): [number, number] =>
    isLine ? [x, -row + (tails.length > 1 ? halfRow - i * step : 0)] : [x, y],
  );
  const tips = starts.map(([x, y], i): [number, number] => {
    const [u, v] = vectors[i]!;
    const size = Math.abs(sizes[i]!);
    const factor = lengths === 'true' ? scale : size > 0 ? scale / size : 0;
    return [x + factor * u, y + factor * v];
  });
  // Rows of a line have names beside them; they avoid the colours of curves above them.
  const color = own ?? palette[(isLine ? row + 3 : row) % palette.length]!;
  return { name, color, tails: starts, sizes, tips };
}

function draw(
  { name, color, tails, sizes, tips }: Read,
  { isLine }: Ground,
  { sides, unit, xLabel }: { sides: readonly [number, number]; unit: number; xLabel: string | undefined },
): PlotlyTrace {
  const heads = tails.map(([x, y], k) => headSize(unit * Math.hypot(tips[k]![0] - x, tips[k]![1] - y)));
  const angles = tails.map(([x, y], k) => 90 - (180 / Math.PI) * Math.atan2(tips[k]![1] - y, tips[k]![0] - x));
  const look = { color, width: isLine ? 1.6 : 2, tail: 5, head: heads, angles: angles.map(Math.round) };
  const points = shafts(tails.map((tail, k) => [tail, tips[k]!] as const));
  const part = (side: 0 | 1) =>
    compact(
      points.map((point) => point?.[side] ?? null),
      sides[side],
    );
  return arrowMark(look, {
    name,
    x: part(0),
    y: part(1),
    customdata: compact(shafts(sizes.map((size) => [size, size] as const)), 0),
    hover: isLine
      ? `${prefix(xLabel)}%{x}<br>%{customdata}<extra>${name}</extra>`
      : `(%{x}, %{y})<br>length %{customdata}<extra>${name}</extra>`,
    legend: !isLine && name !== 'arrows',
  });
}
