import { formatNumber, type Scalar } from '../../../display';
import { PlotError } from '../../../errors';
import { Figure, type PlotlyLayout, type PlotlyTrace } from '../../plot/figure';
import { checkRange, compact, toNumber } from '../../plot/input';
import { axis, baseLayout, neutral, palette } from '../../plot/theme';

/** A function of one number with its slope. */
export interface GalleryItem {
  /** Its name, above its panel. */
  name: string;
  f: (x: number) => Scalar;
  /** The slope f′(x). Default: by a central difference. */
  slope?: (x: number) => Scalar;
}

/** Options of {@link gallery}. */
export interface GalleryOptions {
  /** Where each has its tangent. Default: none. */
  at?: number;
  /** How many stand side by side. Default: 4. */
  columns?: number;
  /** Smallest and largest x shown. Default: -4 to 4. */
  xRange?: readonly [number, number];
  /** Smallest and largest y shown. Default: -1.5 to 3. */
  yRange?: readonly [number, number];
  /** Where the slope is smaller than this, up or down, the ground is shaded. Default: 0.01. */
  flat?: number;
  /** The line above the figure. Default: none. */
  title?: string;
  /** Height of each panel's drawing in pixels. Default: 120. */
  height?: number;
}

const points = 81;
/** Between two panels, in pixels: ticks below, the name above the next row. */
const gap = { x: 12, y: 30 };

/**
 * Many small functions side by side on axes of the same range: each solid, its slope dashed, the ground shaded where the
 * slope is almost 0; with `at` also a tangent, so that a `slider` moves all tangents at once.
 *
 * @example
 * gallery([{ name: 'sin', f: Math.sin, slope: Math.cos }, { name: 'x²', f: (x) => x * x }], { at: 1, columns: 2 })
 * @throws {PlotError} if there is no function, or one gives something else than a number.
 */
export function gallery(functions: readonly GalleryItem[], options: GalleryOptions = {}): Figure {
  const { at, columns = 4, flat = 0.01, title, height = 120 } = options;
  if (!functions.length) throw new PlotError('gallery: expected at least one function, got none');
  if (!Number.isInteger(columns) || columns < 1) {
    throw new PlotError(`gallery: columns must be a whole number above 0, got ${columns}`);
  }
  if (at !== undefined && !Number.isFinite(at)) throw new PlotError(`gallery: at must be finite, got ${at}`);
  const xRange = checkRange(options.xRange ?? [-4, 4], 'gallery: xRange');
  const yRange = checkRange(options.yRange ?? [-1.5, 3], 'gallery: yRange');
  const places = Array.from({ length: points }, (_, i) => xRange[0] + (i * (xRange[1] - xRange[0])) / (points - 1));
  const rows = Math.ceil(functions.length / columns);
  const tall = rows * height + (rows - 1) * gap.y;
  const layout: PlotlyLayout = {
    ...baseLayout({ title, legend: ['f', 'slope', 'flat'], plotHeight: tall, axes: true }),
    annotations: [],
  };
  const wide = (1 - ((columns - 1) * gap.x) / 640) / columns;
  const data: PlotlyTrace[] = [];
  const words: string[] = [];
  for (const [i, item] of functions.entries()) {
    const f = (x: number) => toNumber(item.f(x), `gallery: “${item.name}” at ${x}`);
    const slope = (x: number) =>
      item.slope
        ? toNumber(item.slope(x), `gallery: slope of “${item.name}” at ${x}`)
        : (f(x + 1e-5) - f(x - 1e-5)) / 2e-5;
    const [column, row] = [i % columns, Math.floor(i / columns)];
    const suffix = i === 0 ? '' : String(i + 1);
    const left = column * (wide + gap.x / 640);
    const top = 1 - (row * (height + gap.y)) / tall;
    const isLowest = row === rows - 1 || i + columns >= functions.length;
    layout[`xaxis${suffix}`] = {
      ...axis(isLowest ? 'x' : '', xRange),
      domain: [left, left + wide],
      anchor: `y${suffix}`,
      showticklabels: isLowest,
    };
    layout[`yaxis${suffix}`] = {
      ...axis(column === 0 ? 'f, f′' : '', yRange),
      domain: [Math.max(0, top - height / tall), top],
      anchor: `x${suffix}`,
      showticklabels: column === 0,
    };
    (layout.annotations as PlotlyLayout[]).push({
      text: item.name,
      x: left,
      xanchor: 'left',
      y: top,
      yanchor: 'bottom',
      xref: 'paper',
      yref: 'paper',
      showarrow: false,
      font: { size: 13 },
    });
    const slopes = places.map(slope);
    const place = { type: 'scatter', mode: 'lines', xaxis: `x${suffix}`, yaxis: `y${suffix}`, showlegend: i === 0 };
    data.push(
      {
        ...place,
        ...flatGround(places, slopes, flat, yRange),
        name: `|slope| < ${formatNumber(flat)}`,
        legendgroup: 'flat',
        fill: 'toself',
        fillcolor: `${neutral}40`,
        line: { width: 0 },
        hoverinfo: 'skip',
      },
      curve('f', places.map(f), palette[1]!, 'solid'),
      curve('slope', slopes, palette[0]!, 'dash'),
    );
    if (at !== undefined) data.push({ ...place, ...tangent(at, f(at), slope(at), xRange, yRange), showlegend: false });
    words.push(item.name + (at === undefined ? '' : ` (${formatNumber(f(at))}, slope ${formatNumber(slope(at))})`));

    function curve(name: string, y: number[], color: string, dash: string): PlotlyTrace {
      return {
        ...place,
        name,
        legendgroup: name,
        x: compact(places, xRange[1] - xRange[0]),
        y: compact(y, yRange[1] - yRange[0]),
        line: { color, dash, width: 2 },
        hovertemplate: `%{x}: %{y}<extra>${item.name}, ${name}</extra>`,
      };
    }
  }
  const described = `${functions.length} functions with their slopes${at === undefined ? '' : `, at ${formatNumber(at)}`}`;
  return new Figure({ data, layout, description: `${title ? `${title}. ` : ''}${described}: ${words.join(', ')}.` });
}

/** The outline of the ground from each first to each last place in a row where the slope is almost 0. */
function flatGround(places: number[], slopes: number[], flat: number, [low, high]: readonly [number, number]) {
  const x: (number | null)[] = [];
  const y: (number | null)[] = [];
  const half = (places[1]! - places[0]!) / 2;
  const [first, last] = [places[0]!, places.at(-1)!];
  for (let i = 0; i < places.length; i++) {
    if (!(Math.abs(slopes[i]!) < flat)) continue;
    const start = i;
    while (i + 1 < places.length && Math.abs(slopes[i + 1]!) < flat) i++;
    const [a, b] = [Math.max(first, places[start]! - half), Math.min(last, places[i]! + half)];
    x.push(a, b, b, a, a, null);
    y.push(low, low, high, high, low, null);
  }
  // plotly hides a trace without any place from the legend, and says that it was made wrongly.
  return x.length ? { x: compact(x, last - first), y } : { x: [null], y: [null] };
}

/** A piece of the line that touches the curve at `x`, with its place in the middle. */
function tangent(
  x: number,
  y: number,
  slope: number,
  [left, right]: readonly [number, number],
  [low, high]: readonly [number, number],
) {
  // Of the same length in the drawing, however steep it is.
  const reach = 0.22 / Math.hypot(1 / (right - left), slope / (high - low));
  return {
    mode: 'lines+markers',
    name: 'tangent',
    x: compact([x - reach, x, x + reach], right - left),
    y: compact([y - slope * reach, y, y + slope * reach], high - low),
    line: { color: palette[2], width: 3 },
    marker: { color: palette[2], size: [0, 8, 0], opacity: 1 },
    hoverinfo: 'skip',
  };
}
