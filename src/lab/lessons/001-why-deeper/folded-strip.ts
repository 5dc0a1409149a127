import { PlotError } from '../../../errors';
import { Figure, type PlotlyLayout, type PlotlyTrace } from '../../plot';
import { mark } from '../../plot/marks';
import { axis, baseLayout, neutral } from '../../plot/theme';

/** Colours along the strip, from its left end to its right one. */
const stops = ['#0B5FA5', '#009E8E', '#E0A458', '#D55E00', '#A23B8F'];
/** The number of its colours. */
const shades = 16;
/** The thickness of the strip relative to its length 1: folding doubles it, stretching halves it. */
const thickness = 0.26;

/** The colour at a fraction of the strip's length. */
function shade(at: number): string {
  const place = at * (stops.length - 1);
  const i = Math.min(Math.floor(place), stops.length - 2);
  const [from, to] = [stops[i]!, stops[i + 1]!];
  const mixed = [1, 3, 5].map((k) => {
    const [a, b] = [from, to].map((hex) => Number.parseInt(hex.slice(k, k + 2), 16)) as [number, number];
    return Math.round(a + (b - a) * (place - i))
      .toString(16)
      .padStart(2, '0');
  });
  return `#${mixed.join('')}`;
}

/**
 * The position of a point of a strip of length 1 after some folds: [across, up], with up in layers; 1.5 is the middle
 * of the second one. Each fold lays the right half over the left one, and then the strip is stretched to its old
 * length.
 * @example
 * stripAt(0.75, 1) // [0.5, 1.5]
 */
export function stripAt(x: number, folds: number): [across: number, up: number] {
  let [across, layer] = [x, 0];
  for (let k = 0; k < folds; k++) {
    const layers = 2 ** k;
    if (across > 0.5) {
      across = 1 - across;
      layer = 2 * layers - 1 - layer;
    }
    across *= 2;
  }
  return [across, layer + 0.5];
}

/** Options of {@link foldedStrip} and {@link colouredLine}. */
export interface FoldedStripOptions {
  /** The line above the figure. Default: none. */
  title?: string;
  /** Height of the drawing in pixels. Default: 330. */
  height?: number;
}

/** The strip's length, split at folds and colour borders, in order. */
function cuts(folds: number): [from: number, to: number][] {
  const parts = Math.max(shades, 2 ** folds);
  return Array.from({ length: parts }, (_, i) => [i / parts, (i + 1) / parts]);
}

/** Returns one line for each colour, through the ends of its pieces, positioned by `at`. */
function inShades(folds: number, width: number, at: (from: number, to: number) => [number, number][]): PlotlyTrace[] {
  const pieces = cuts(folds);
  return Array.from({ length: shades }, (_, k) => {
    const those = pieces.filter(([from, to]) => Math.floor(((from + to) / 2) * shades) === k);
    const points = those.flatMap(([from, to]) => [...at(from, to), [null, null] as const]);
    return mark({
      name: `colour ${k + 1}`,
      x: points.map(([x]) => x),
      y: points.map(([, y]) => y),
      line: { color: shade((k + 0.5) / shades), width },
    });
  });
}

const checked = (name: string, folds: number) => {
  if (!(folds >= 0 && folds <= 10 && Number.isInteger(2 * folds)))
    throw new PlotError(`${name}: folds must be from 0 to 10 in halves, got ${folds}`);
};

/**
 * A strip of paper from the side, repeatedly folded in the middle and stretched to its old length. A half, as in 3½, is
 * an unfinished fold: the right half is upright.
 * @throws {PlotError} if `folds` is not from 0 to 10, in halves.
 */
export function foldedStrip(folds: number, options: FoldedStripOptions = {}): Figure {
  checked('foldedStrip', folds);
  const { title, height = 330 } = options;
  const whole = Math.floor(folds);
  const layers = 2 ** whole;
  const place = (x: number, folded: number): [number, number] => {
    const [across, up] = stripAt(x, folded);
    return [across, (thickness * up) / layers];
  };
  /** The right half, turned up around the top of the middle. */
  const raised = ([across, up]: [number, number]): [number, number] =>
    folds > whole && across > 0.5 ? [0.5 + thickness - up, thickness + across - 0.5] : [across, up];
  const ends = (from: number, to: number): [number, number][] => {
    const inside = 1e-9 * (to - from); // the layer is that of the middle, even if the piece ends in a fold
    const places = [from + inside, to - inside].map((x) => place(x, whole));
    const middle = (places[0]![0] + places[1]![0]) / 2;
    if (folds > whole && places.some(([x]) => x < 0.5 - 1e-6) && places.some(([x]) => x > 0.5 + 1e-6)) {
      const up = places[0]![1];
      return places[0]![0] < middle
        ? [places[0]!, [0.5, up], ...([[0.5 + 1e-9, up], places[1]!] as [number, number][]).map(raised)]
        : [...([places[0]!, [0.5 + 1e-9, up]] as [number, number][]).map(raised), [0.5, up], places[1]!];
    }
    return middle > 0.5 ? places.map(raised) : places;
  };
  const width = Math.max(0.7, Math.min(60, (0.8 * thickness * height) / layers));
  const bare = { visible: false, fixedrange: true };
  const layout: PlotlyLayout = {
    ...baseLayout({ title, legend: [], plotHeight: height, axes: false }),
    xaxis: { ...bare, range: [-0.06, 1.06] },
    yaxis: { ...bare, range: [-0.08, 0.92] },
  };
  return new Figure({
    data: [
      ...inShades(whole, width, ends),
      mark({
        name: 'fold here',
        x: [0.5, 0.5],
        y: [-0.06, folds > whole ? 0 : thickness + 0.06],
        line: { color: neutral, width: 1.5, dash: 'dot' },
      }),
    ],
    layout,
    description:
      `A strip of paper${title ? `: ${title}` : ''}. ${layers} ${layers === 1 ? 'layer' : 'layers'}` +
      `${folds > whole ? ', the right half upright for the next fold' : ''}.`,
  });
}

/**
 * The function of a net that folds this often: the height over x, in the colours of {@link foldedStrip}, and in grey
 * another line through the given points.
 * @throws {PlotError} if `folds` is not a whole number from 0 to 10, or the other line has a different number of
 *   heights and positions.
 */
export function colouredLine(
  folds: number,
  other: { name: string; x: readonly number[]; y: readonly number[] },
  options: FoldedStripOptions = {},
): Figure {
  checked('colouredLine', folds);
  if (!Number.isInteger(folds)) throw new PlotError(`colouredLine: folds must be a whole number, got ${folds}`);
  if (other.x.length !== other.y.length)
    throw new PlotError(`colouredLine: ${other.x.length} places and ${other.y.length} heights`);
  const { title, height = 330 } = options;
  const layout: PlotlyLayout = {
    ...baseLayout({ title, legend: [other.name], plotHeight: height, axes: true }),
    xaxis: axis('x: place on the strip', [0, 1]),
    yaxis: axis('output', [-0.03, 1.03]),
  };
  return new Figure({
    data: [
      ...inShades(folds, folds > 6 ? 1 : 2.4, (from, to) => {
        const inside = 1e-9 * (to - from);
        return [
          [from, stripAt(from + inside, folds)[0]],
          [to, stripAt(to - inside, folds)[0]],
        ];
      }),
      mark({
        name: other.name,
        x: other.x,
        y: other.y,
        line: { color: neutral, width: 1.6, dash: 'dot' },
        hover: true,
        legend: true,
      }),
    ],
    layout,
    description: `A line of ${2 ** folds} straight pieces${title ? `: ${title}` : ''}; ${other.name} has ${other.x.length - 1}.`,
  });
}
