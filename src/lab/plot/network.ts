import { formatNumber } from '../../display';
import { PlotError } from '../../errors';
import {
  alongAll,
  checkIndex,
  checkSizes,
  type Edge,
  litOf,
  type NetworkNumbers,
  type Place,
  readEdges,
  readValues,
} from './edges';
import { Figure, type PlotlyLayout, type PlotlyTrace } from './figure';
import { compact, extent } from './input';
import { mark, orNowhere } from './marks';
import { type Meter, meterHeight, metersBelow, metersRight, roomRight } from './meters';
import { baseLayout, divergingScale, ink, neutral, palette, printed } from './theme';

/** Options of {@link network}. */
export interface NetworkOptions extends NetworkNumbers {
  /**
   * Colours of the highlighted parts, one for each entry of `lit`, so that a part can keep its colour in several
   * figures. Default: orange.
   */
  litColors?: readonly string[];
  /** The indices of the frozen blocks. */
  frozen?: readonly number[];
  /** Bars that belong to the drawing. Default: none. */
  meters?: readonly Meter[];
  /** The position of the bars: below the drawing, or to its right, which takes no height. Default: `'below'`. */
  metersAt?: 'below' | 'right';
  /** Whether units are spread over the height, and numbers on edges staggered: for a small net. Default: false. */
  spread?: boolean;
  /** Whether edges show numbers: all of a small net, or a few highlighted ones. Default: true. */
  numbers?: boolean;
  /** The text below each layer, such as `'13 ReLU'`. Default: its number of units. */
  labels?: readonly string[];
  /** The line above the figure. Default: none. */
  title?: string;
  /** Width of the figure in pixels. Default: as wide as the page. */
  width?: number;
  /** Height of the drawing and its bars in pixels. Default: 320. */
  height?: number;
}

/** Widths of edges in pixels, linear in the magnitude and rounded to these; less if there are many. */
const widths = [0.5, 1.5, 3, 4.5, 6];
/** Up to this many edges each shows its number. */
const mostNumbered = 12;
const cold = '#56B4E9';
/** Units, in the colours of matrices, blue below 0 and orange above, but pale, so that numbers are readable. */
const shades = divergingScale.slice(1, -1).map(([, color], i): [number, string] => [i / 2, color]);

/**
 * A network from left to right: a column of units for each of `sizes` and an edge for every weight. Edges show weights,
 * or gradients if they are highlighted; with `plot.slider` values appear forwards and gradients backwards, a block or
 * an edge at a time. Biases are not drawn.
 *
 * @example
 * manualSeed(0);
 * const net = new nn.Sequential(new nn.Linear(2, 3), new nn.Tanh(), new nn.Linear(3, 1));
 * const weights = [net.at(0), net.at(2)].map((layer) => (layer as nn.Linear).weight);
 * plot.slider([0, 1], (block) => plot.network([2, 3, 1], { weights, lit: [block] }))
 * @throws {PlotError} if there are fewer than two layers or more than 2,000 edges, or what is given does not fit the
 *   sizes.
 */
export function network(sizes: readonly number[], options: NetworkOptions = {}): Figure {
  const {
    title,
    width,
    height = 320,
    frozen = [],
    meters = [],
    metersAt = 'below',
    spread = false,
    numbers = true,
  } = options;
  checkSizes(sizes);
  const values = readValues(sizes, options.values);
  const labels = options.labels ?? sizes.map(String);
  if (labels.length !== sizes.length) {
    throw new PlotError(`network: labels names ${labels.length} layers, there are ${sizes.length}`);
  }
  const edges = readEdges(sizes, options);
  const isLit = litOf(sizes, options);
  for (const block of frozen) checkIndex('frozen', block, sizes.length - 1);

  const aside = metersAt === 'right' && meters.length > 0;
  const bottom = aside ? 0 : (meterHeight * meters.length) / height;
  const layers = sizes.map((size) => placesOf(size, height * (1 - bottom), spread));
  const at: Place = (layer, unit) => [layer, layers[layer]!.y(unit)];
  const lit = edges.filter(isLit);
  const isFrozen = ({ block }: Edge) => frozen.includes(block);
  const line = (name: string, list: readonly Edge[], style: PlotlyLayout): PlotlyTrace =>
    mark({
      name,
      ...alongAll(list, at),
      line: style,
    });
  const weightWidth = widthOf(edges.map(({ weight }) => weight));
  const gradientWidth = widthOf(edges.map(({ gradient }) => gradient));
  const litWidth = (edge: Edge) => (options.gradients ? gradientWidth(edge.gradient) : weightWidth(edge.weight));
  const litNumber = (edge: Edge) => (options.gradients ? edge.gradient : edge.weight);
  const colorOf = colorsOf(options);
  // All of them, so that the frames of a slider have the same traces.
  const litColors = [...new Set([palette[0]!, ...(options.litColors ?? [])])];
  const plain = edges.filter((edge) => !isFrozen(edge));
  const [thin, opacity] = edges.length > 60 ? [0.45, 0.6] : [1, 1];
  const data: PlotlyTrace[] = [
    line('frozen', edges.filter(isFrozen), { color: cold, width: 1, dash: 'dot' }),
    ...widths.flatMap((pixels) => {
      const same = plain.filter(({ weight }) => weightWidth(weight) === pixels);
      const withSign = (sign: number) => same.filter(({ weight }) => Math.sign(weight ?? 0) === sign);
      return [
        line('positive weights', withSign(1), { color: neutral, width: thin * pixels }),
        line('negative weights', withSign(-1), { color: neutral, width: thin * pixels, dash: 'dash' }),
        ...(pixels === widths[0] ? [line('edges', withSign(0), { color: neutral, width: 0.8 })] : []),
      ].map((trace) => ({ ...trace, opacity }));
    }),
    line('passing through', lit.filter(isFrozen), { color: palette[0], width: 1.8, dash: 'dot' }),
    ...litColors.flatMap((color) =>
      widths.flatMap((pixels) => {
        const same = lit.filter((edge) => !isFrozen(edge) && litWidth(edge) === pixels && colorOf(edge) === color);
        const style = { color, width: Math.max(options.litColors ? 2 : 1, thin * pixels) }; // a colour is not visible on a hairline
        return [
          line(
            'lit',
            same.filter((edge) => !(litNumber(edge)! < 0)),
            style,
          ),
          line(
            'lit',
            same.filter((edge) => litNumber(edge)! < 0),
            { ...style, dash: 'dash' },
          ),
        ];
      }),
    ),
    ...layers.map((layer, l) => unitsOf(l, layer, values[l])),
    numbersOn(numbers ? edges : [], isLit, at, { spread, lift: 5 / height, colorOf }),
    namesUnder(labels, frozen),
    ...(aside ? metersRight(meters, sizes.length - 1) : metersBelow(meters, sizes.length - 1, bottom)),
  ];
  const layout = {
    ...baseLayout({ title, legend: [], width, plotHeight: height + 24, axes: false }),
    xaxis: { visible: false, range: [-0.35, sizes.length - 0.65 + (aside ? roomRight(sizes.length - 1) : 0)] },
    yaxis: { visible: false, range: [-0.09 - bottom / (1 - bottom), 1] },
  };
  return new Figure({ data, layout, description: describe(sizes, edges, lit, values, options) });
}

/** The colour of a highlighted edge: that of its entry in `litColors`, else the common one. */
function colorsOf({ lit = [], litColors = [] }: NetworkOptions): (edge: Edge) => string {
  return ({ block, to, from }) => {
    const entry = lit.findIndex((one) =>
      typeof one === 'number' ? one === block : one[0] === block && one[1] === to && one[2] === from,
    );
    return litColors[entry] ?? palette[0]!;
  };
}

/** The width of a number relative to the largest magnitude. */
function widthOf(all: readonly (number | undefined)[]): (value: number | undefined) => number {
  const most = Math.max(0, extent(all.map((one) => (Number.isFinite(one) ? Math.abs(one!) : 0)))[1]);
  return (value) => {
    const share = most > 0 && Number.isFinite(value) ? Math.abs(value!) / most : 0;
    return widths[Math.round(share * (widths.length - 1))]!;
  };
}

/**
 * Returns the heights of a layer's units from 0 to 1, the first unit on top, and their size; few units are closer
 * together.
 */
function placesOf(size: number, height: number, spread: boolean) {
  const gap = Math.min(0.94 / size, spread ? 0.6 : 0.26);
  const pixels = Math.min(42, 0.86 * gap * height);
  return { size, pixels, y: (unit: number) => 0.53 + gap * ((size - 1) / 2 - unit) };
}

function unitsOf(l: number, { size, pixels, y }: ReturnType<typeof placesOf>, values: number[] | undefined) {
  const numbers = values ?? [];
  const most = Math.max(...numbers.map(Math.abs).filter(Number.isFinite), 1e-300);
  const units = Array.from({ length: size }, (_, unit) => unit);
  return mark({
    name: `layer ${l}`,
    x: units.map(() => l),
    y: compact(units.map(y), 1),
    // Numbers if they fit; otherwise on hover.
    text: units.map((unit) => (values && pixels >= 27 ? numberIn(numbers[unit]!) : '')),
    textfont: { size: 10.5, color: ink },
    marker: {
      size: pixels,
      color: units.map((unit) => (values ? (compact([numbers[unit]! / most], 1)[0] ?? 0) : 0)),
      cmin: -1,
      cmax: 1,
      colorscale: shades,
      opacity: 1,
      line: { color: ink, width: 1 },
    },
    hovertext: units.map((unit) => `unit ${unit}${values ? `: ${formatNumber(numbers[unit]!)}` : ''}`),
    cliponaxis: false,
  });
}

/** At most five letters, to fit a unit. */
const numberIn = (value: number) => printed(value, Math.abs(value) < 1e-3 ? 1 : 2).replace(/^(−?)0\./, '$1.');

/**
 * Weights on the edges of a small network, gradients on a few highlighted ones; `lift` keeps them clear of the widest
 * line.
 */
function numbersOn(
  edges: readonly Edge[],
  isLit: (edge: Edge) => boolean,
  at: Place,
  { spread, lift, colorOf }: { spread: boolean; lift: number; colorOf: (edge: Edge) => string },
): PlotlyTrace {
  const lit = edges.filter(isLit);
  const some = edges.length <= mostNumbered ? edges : lit.length <= 3 ? lit : [];
  const written = some.flatMap((edge) => {
    const gradient = isLit(edge) ? edge.gradient : undefined;
    const number = gradient ?? edge.weight;
    if (number === undefined) return [];
    const text = `${gradient === undefined ? '' : '∇ '}${printed(number, 3)}`;
    const [from, to] = [at(edge.block, edge.from), at(edge.block + 1, edge.to)];
    // Nearer to the start of the edge, where edges are farther apart; on a horizontal edge in the middle, clear of
    // units.
    const along = to[1] === from[1] ? 0.5 : spread ? 0.3 + 0.09 * (edge.to % 4) : 0.3;
    const place = from.map((start, k) => start + along * (to[k]! - start));
    // Beside the edge, whether it rises or falls.
    const side = to[1] > from[1] ? 'top left' : to[1] < from[1] ? 'top right' : 'top center';
    return [{ place, text, side, color: isLit(edge) ? colorOf(edge) : neutral }];
  });
  return mark({
    name: 'numbers',
    x: orNowhere(written.map(({ place }) => place[0]!)),
    y: orNowhere(
      compact(
        written.map(({ place }) => place[1]! + lift),
        1,
      ),
    ),
    text: written.map(({ text }) => text),
    textposition: written.length ? written.map(({ side }) => side) : 'top center',
    textfont: { size: 12, color: written.map(({ color }) => color) },
  });
}

/** The layers' names below them, and the frozen blocks between them. */
function namesUnder(labels: readonly string[], frozen: readonly number[]): PlotlyTrace {
  return mark({
    name: 'names',
    x: [...labels.map((_, l) => l), ...frozen.map((block) => block + 0.5)],
    y: [...labels, ...frozen].map(() => 0),
    text: [...labels, ...frozen.map(() => 'frozen')],
    textposition: 'bottom center',
    // Names of layers in the colour of the page's other text.
    textfont: { size: 13, ...(frozen.length && { color: [...labels.map(() => neutral), ...frozen.map(() => cold)] }) },
    cliponaxis: false,
  });
}

function describe(
  sizes: readonly number[],
  edges: readonly Edge[],
  lit: readonly Edge[],
  values: readonly (number[] | undefined)[],
  { title, frozen = [], meters = [], labels }: NetworkOptions,
): string {
  const numbers = values.flatMap((layer, l) =>
    layer && layer.length <= 10 ? [`layer ${l} holds ${layer.map((one) => formatNumber(one, 3)).join(', ')}`] : [],
  );
  const blocks = [...new Set(lit.map(({ block }) => block))].map((block) => {
    const of = lit.filter((edge) => edge.block === block);
    const slopes = of.flatMap(({ gradient }) => (gradient === undefined ? [] : [gradient]));
    const length = slopes.length ? `, gradients ${formatNumber(Math.hypot(...slopes), 3)} long` : '';
    return `${of.length} ${of.length === 1 ? 'edge' : 'edges'} between layers ${block} and ${block + 1}${length}`;
  });
  return [
    `Network${title ? `: ${title}` : ''}. Layers of ${sizes.join(', ')} units${labels ? ` (${labels.join(', ')})` : ''}, ` +
      `${edges.length} edges.`,
    ...(numbers.length ? [`Values: ${numbers.join('; ')}.`] : []),
    ...(blocks.length ? [`Lit: ${blocks.join('; ')}.`] : []),
    ...(frozen.length ? [`Frozen: ${frozen.map((block) => `block ${block}`).join(', ')}.`] : []),
    ...meters.map(({ name, value }) => `${name}: ${value === null ? 'not known yet' : formatNumber(value)}.`),
  ].join(' ');
}
