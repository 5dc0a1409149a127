import { formatNumber, type NumberList } from '../../../display';
import { PlotError } from '../../../errors';
import { Figure, type PlotlyTrace } from '../../plot/figure';
import { extent, toNumbers } from '../../plot/input';
import { mark, orNowhere, rectangles } from '../../plot/marks';
import { baseLayout, ink, neutral, palette } from '../../plot/theme';

/** The inputs and outputs of a block, a bar for each number; NaN is not known yet and shown as “?”. */
export interface Flow {
  in: NumberList;
  out: NumberList;
}

/** Options of {@link blockFlow}. */
export interface BlockFlowOptions {
  /** Labels below the bars of the inputs and outputs, in forward direction. Default: x₁, x₂, … and y₁, y₂, …. */
  labels?: { in?: readonly string[]; out?: readonly string[] };
  /** The line above the figure. Default: none. */
  title?: string;
  /** Height of the drawing in pixels. Default: 190. */
  height?: number;
  /** Whether the name is above the block, where a long one fits. Default: false. */
  nameAbove?: boolean;
  /** Significant digits of the numbers. Default: 3. */
  digits?: number;
}

/**
 * One block and the values in it: above, inputs at the left and outputs at the right; below, gradients of the outputs
 * at the right and of the inputs at the left. Bars of one row have one scale.
 *
 * @example
 * blockFlow('copy', { in: [3], out: [3, 3] }, { in: [2, 5], out: [7] });
 * @throws {PlotError} if a list is empty, or the way back has not as many numbers as the way forward.
 */
export function blockFlow(name: string, forward: Flow, backward: Flow, options: BlockFlowOptions = {}): Figure {
  const { title, height = 190, labels = {}, nameAbove = false, digits = 3 } = options;
  const written = (value: number) => (Number.isNaN(value) ? '?' : formatNumber(value, digits).replace('-', '−'));
  const read = (list: NumberList, what: string) => toNumbers(list, `blockFlow: ${what}`);
  const [x, y] = [read(forward.in, 'forward in'), read(forward.out, 'forward out')];
  const [dy, dx] = [read(backward.in, 'backward in'), read(backward.out, 'backward out')];
  if (!x.length || !y.length) throw new PlotError('blockFlow: something must go in and something come out');
  if (dy.length !== y.length || dx.length !== x.length) {
    throw new PlotError(
      `blockFlow: ${x.length} values go in and ${y.length} come out; for the backward pass expected ${y.length} and ` +
        `${x.length} numbers, got ${dy.length} and ${dx.length}`,
    );
  }
  const names = {
    in: namesFor(labels.in, x.length, 'x', 'in'),
    out: namesFor(labels.out, y.length, 'y', 'out'),
  };
  const [there, back] = [scaleOf([...x, ...y]), scaleOf([...dx, ...dy])];
  const groups = [
    { list: x, side: -1, row: 1, scale: there, labels: names.in },
    { list: y, side: 1, row: 1, scale: there, labels: names.out },
    { list: dy, side: 1, row: -1, scale: back, labels: names.out.map((label) => `∇${label}`) },
    { list: dx, side: -1, row: -1, scale: back, labels: names.in.map((label) => `∇${label}`) },
  ].map((group) => barsOf({ ...group, written }));
  const all = (row: number) => groups.filter((group) => group.row === row).flatMap(({ bars }) => bars);
  const arrow = (row: number, color: string, from: number, to: number): PlotlyTrace =>
    mark({
      x: [from, to],
      y: [row * level, row * level],
      line: { color, width: 2 },
      marker: { color, size: [0, 12], symbol: 'arrow', angleref: 'previous', opacity: 1, line: { width: 0 } },
    });
  const text = (list: readonly { x: number; y: number; text: string }[], size: number, color?: string): PlotlyTrace =>
    mark({
      x: orNowhere(list.map((one) => one.x)),
      y: orNowhere(list.map((one) => one.y)),
      text: list.map((one) => one.text),
      textfont: { size, ...(color && { color }) },
      cliponaxis: false,
    });
  const data: PlotlyTrace[] = [
    outline(
      'block',
      [{ left: -half, right: half, low: -1.75, high: 1.75 }],
      { color: neutral, width: 1.5 },
      blockColor,
    ),
    outline('values', all(1), { color: palette[1], width: 1 }, palette[1]),
    outline('gradients', all(-1), { color: palette[0], width: 1 }, palette[0]),
    ...[-1, 1].flatMap((row) => {
      const color = row > 0 ? palette[1]! : palette[0]!;
      const [start, end] = row > 0 ? [-reach, reach] : [reach, -reach];
      return [
        arrow(row, color, start, Math.sign(start) * (half + 0.04)),
        arrow(row, color, Math.sign(end) * (half + 0.04), end),
      ];
    }),
    text([{ x: 0, y: nameAbove ? 2.12 : 0, text: `<b>${name}</b>` }], nameAbove ? 14 : 15, ink),
    text(
      groups.flatMap(({ ends }) => ends),
      12,
    ),
    text(
      groups.flatMap(({ under }) => under),
      11,
    ),
  ];
  const layout = {
    ...baseLayout({ title, legend: [], plotHeight: height, axes: false }),
    xaxis: { visible: false, range: [-1.05, 1.05] },
    yaxis: { visible: false, range: [-2.1, nameAbove ? 2.4 : 1.98] },
  };
  const list = (numbers: readonly number[]) => numbers.map(written).join(', ');
  const description =
    `Block ${name}${title ? `: ${title}` : ''}. Values ${list(x)} go in, ${list(y)} come out. ` +
    `Back come the gradients ${list(dy)}, and ${list(dx)} leave.`;
  return new Figure({ data, layout, description });
}

/** Half the block's width, the length of its arrows, the position of the bars, and the middle of the row above 0. */
const [half, reach, level] = [0.2, 0.33, 1.08];
const [nearest, furthest] = [0.4, 1];
/** The height of the longest bar, in rows. */
const tall = 1;
const blockColor = '#DDE6F7';

interface Bar {
  left: number;
  right: number;
  low: number;
  high: number;
}

function namesFor(
  given: readonly string[] | undefined,
  count: number,
  letter: string,
  what: string,
): readonly string[] {
  const names = given ?? Array.from({ length: count }, (_, i) => `${letter}${count > 1 ? indexOf(i + 1) : ''}`);
  if (names.length !== count) {
    throw new PlotError(`blockFlow: labels.${what} has ${names.length} names for ${count} numbers`);
  }
  return names;
}

const indexOf = (k: number) => [...String(k)].map((digit) => String.fromCodePoint(0x2080 + Number(digit))).join('');

/** Returns the height of 1, and the position of 0: in the middle if a number is negative, else at the bottom. */
function scaleOf(numbers: readonly number[]): { unit: number; zero: number } {
  const [low, high] = extent([0, ...numbers.filter(Number.isFinite)]);
  const most = Math.max(-low, high) || 1;
  return low < 0 ? { unit: tall / 2 / most, zero: 0 } : { unit: tall / most, zero: -tall / 2 };
}

function barsOf(group: {
  list: readonly number[];
  side: number;
  row: number;
  scale: { unit: number; zero: number };
  labels: readonly string[];
  written: (value: number) => string;
}) {
  const { list, side, row, scale, labels, written } = group;
  const step = (furthest - nearest) / list.length;
  const width = Math.min(0.1, 0.55 * step);
  const middles = list.map((_, i) => {
    const place = (i + 0.5) * step;
    return side > 0 ? nearest + place : place - furthest;
  });
  const base = row * level + scale.zero;
  const top = list.map((value) => base + (Number.isFinite(value) ? value * scale.unit : 0));
  return {
    row,
    bars: middles.map(
      (x, i): Bar => ({
        left: x - width / 2,
        right: x + width / 2,
        low: Math.min(base, top[i]!),
        high: Math.max(base, top[i]!),
      }),
    ),
    ends: middles.map((x, i) => ({ x, y: top[i]! + (list[i]! < 0 ? -0.17 : 0.17), text: written(list[i]!) })),
    under: middles.map((x, i) => ({ x, y: row * level - tall / 2 - (scale.zero ? 0.17 : 0.45), text: labels[i]! })),
  };
}

function outline(name: string, bars: readonly Bar[], line: object, fillcolor: string | undefined): PlotlyTrace {
  return mark({
    name,
    ...rectangles(bars.map(({ left, right, low, high }) => ({ left, right, bottom: low, top: high }))),
    line,
    fill: 'toself',
    ...(fillcolor && { fillcolor }),
  });
}
