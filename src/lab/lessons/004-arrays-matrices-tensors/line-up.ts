import { Figure, type PlotlyLayout, type PlotlyTrace } from '../../plot';
import { cellMark, mark } from '../../plot/marks';
import { baseLayout, ink, neutral } from '../../plot/theme';

/** Two shapes aligned at the right. */
export interface LinedUp {
  /** Both, with 1 where a size was missing. */
  padded: [number[], number[]];
  /** The shape of the result, NaN where two sizes do not match. */
  result: number[];
  fits: boolean;
}

/**
 * Aligns two shapes at the right, as in broadcasting: a missing size is 1, and two sizes match if they are equal or one
 * of them is 1.
 *
 * @example
 * lineUp([6, 1], [6]).result // [6, 6]
 */
export function lineUp(a: readonly number[], b: readonly number[]): LinedUp {
  const axes = Math.max(a.length, b.length);
  const pad = (shape: readonly number[]): number[] => [
    ...Array.from({ length: axes - shape.length }, () => 1),
    ...shape,
  ];
  const padded: [number[], number[]] = [pad(a), pad(b)];
  const result = padded[0].map((size, k) => {
    const other = padded[1][k]!;
    if (size === 1) return other;
    return other === 1 || other === size ? size : Number.NaN;
  });
  return { padded, result, fits: !result.some(Number.isNaN) };
}

/** Options of {@link shapeTable}. */
export interface ShapeTableOptions {
  /** The line above the figure. Default: the sum of the shapes. */
  title?: string;
  /** How many columns there are. Default: 3. */
  axes?: number;
  /** Height of the drawing in pixels. Default: 200. */
  height?: number;
}

const empty = 'rgba(128, 128, 128, 0.08)';
/** Empty, a given size, a broadcast size, a missing size that is broadcast, a mismatch, a result. */
const fills = [empty, '#BBD6EE', '#F6CF9C', '#E4E4E4', '#F0A3A0', '#BFE3CF'];
const say = (shape: readonly number[]) => `(${shape.join(', ')})`;

/**
 * Two shapes in a table, aligned at the right, and the shape of their sum below. A broadcast size is written as “1 →
 * 4”. A missing size is in brackets. A mismatch is red.
 *
 * @example
 * plot.slider([[4], [3, 1], [3]], (b) => shapeTable([3, 4], b), { label: 'shape of b' })
 */
export function shapeTable(a: readonly number[], b: readonly number[], options: ShapeTableOptions = {}): Figure {
  const { padded, result, fits } = lineUp(a, b);
  const { axes = 3, height = 200, title = `${say(a)} + ${say(b)}: ${fits ? say(result) : 'does not fit'}` } = options;
  const skip = axes - result.length;
  const cells = [a, b].map((shape, i) =>
    Array.from({ length: axes }, (_, k) => {
      const at = k - skip;
      if (at < 0) return { kind: 0, text: ' ' };
      const size = padded[i]![at]!;
      const isMissing = at < result.length - shape.length;
      const whole = result[at]!;
      if (Number.isNaN(whole)) return { kind: 4, text: `${size}` };
      const text = isMissing ? `(${size})` : `${size}`;
      if (size === whole) return { kind: isMissing ? 3 : 1, text };
      return { kind: isMissing ? 3 : 2, text: `${text} → ${whole}` };
    }),
  );
  const last = Array.from({ length: axes }, (_, k) => {
    const whole = result[k - skip];
    if (whole === undefined) return { kind: 0, text: ' ' };
    return Number.isNaN(whole) ? { kind: 4, text: '✗' } : { kind: 5, text: `${whole}` };
  });
  const rows = [...cells, last];
  const places = rows.flatMap((row, i) => row.map((cell, k) => ({ ...cell, x: k, y: 2 - i })));
  const table: PlotlyTrace = cellMark({
    name: 'sizes',
    x: Array.from({ length: axes }, (_, k) => k),
    y: [0, 1, 2],
    z: [...rows].reverse().map((row) => row.map(({ kind }) => kind)),
    zmin: 0,
    zmax: fills.length - 1,
    colorscale: fills.flatMap((fill, i): [number, string][] => [
      [i / fills.length, fill],
      [(i + 1) / fills.length, fill],
    ]),
    gap: 4,
  });
  const texts: PlotlyTrace = mark({
    name: 'numbers',
    x: places.map(({ x }) => x),
    y: places.map(({ y }) => y),
    text: places.map(({ text }) => text),
    textfont: { size: 18, color: ink },
  });
  const names = ['third last', 'second last', 'last axis'];
  const base = baseLayout({ title, legend: [], plotHeight: height, axes: true });
  const layout: PlotlyLayout = {
    ...base,
    xaxis: {
      range: [-0.5, axes - 0.5],
      tickvals: Array.from({ length: axes }, (_, k) => k),
      ticktext: names.slice(-axes),
      tickangle: 0,
      showgrid: false,
      showline: false,
      ticks: '',
    },
    yaxis: {
      range: [-0.5, 2.5],
      tickvals: [2, 1, 0],
      ticktext: ['a', 'b', 'a + b'],
      showgrid: false,
      showline: false,
      ticks: '',
      tickfont: { size: 15 },
    },
    shapes: [
      {
        type: 'line',
        x0: -0.5,
        x1: axes - 0.5,
        y0: 0.5,
        y1: 0.5,
        line: { color: neutral, width: 1.5 },
        layer: 'above',
      },
    ],
  };
  const told = fits
    ? `they are stretched to ${say(padded[0])} and ${say(padded[1])}, the sum has shape ${say(result)}`
    : `${padded.map(say).join(' and ')} clash`;
  return new Figure({
    data: [table, texts],
    layout,
    description: `Shapes. ${title}. Lined up from the right, ${told}.`,
  });
}
