import { PlotError } from '../../errors';
import { forwardFormula } from '../../inspection/explain';
import { plainFormula } from '../../inspection/formula';
import { labelOf, short } from '../../inspection/labels';
import {
  type Contribution,
  contributions,
  makersIn,
  type Names,
  type Step,
  type Trace,
  traceOf,
  type Value,
} from '../../inspection/trace';
import type { Tensor } from '../../tensor/tensor';
import { arrange } from './arrange';
import { Figure, type PlotlyLayout, type PlotlyTrace } from './figure';
import { boxesUnder, keptBy } from './kept';
import { mark } from './marks';
import { baseLayout, ink, neutral, palette, withMinus } from './theme';

/** Options of {@link tape}. */
export interface TapeOptions {
  /** The names of known tensors, as in `{ x, w }`; the others are `v1`, `v2`, …. */
  names?: Names;
  /** The pass that is shown: values from the leaves to the result, or gradients backwards. Default: `'forward'`. */
  direction?: 'forward' | 'backward';
  /**
   * Number of edges passed; the last of them is highlighted, and later parts are hidden. Default: all, without a
   * highlight.
   */
  at?: number;
  /**
   * Whether a box under every operation shows its saved values: empty before it has run, and again when it has sent its
   * gradients. Default: false.
   */
  kept?: boolean;
  /** The line above the figure. Default: none. */
  title?: string;
  /** Height of the drawing in pixels. Default: 90 for each row, 116 with boxes. */
  height?: number;
}

/** One edge of the tape, from a value to the operation that uses it. */
interface Edge {
  from: Value;
  step: Step;
  /** Vertical offset of its middle, in rows: a value used twice by one operation has two edges to it. */
  aside: number;
}

/** The position of a value: column and row. */
type Place = (v: Value) => [number, number];

/** The part of the tape that is shown. */
interface Progress {
  known: ReadonlySet<Value>;
  gradients: ReadonlyMap<Value, Tensor>;
  /** The operations with saved values. */
  holding: ReadonlySet<Step>;
  lit: (Edge & { says: string }) | undefined;
}

/**
 * The graph of `y` from left to right, as the tape recorded it: every value with its number, every operation with its
 * formula, and in the backward pass every gradient ∇, summed as its terms arrive. With `at`, an edge at a time, for
 * `plot.slider`. Nothing is changed; call it before `backward()`, which frees the saved values.
 *
 * @example
 * const w = tensor(3, { requiresGrad: true });
 * plot.slider([0, 1, 2], (at) => plot.tape(w.mul(w).sub(1), { names: { w }, direction: 'backward', at }))
 * @throws {PlotError} if `at` is not a number of edges; {@link AutogradError} if `y` has no history or is freed.
 */
export function tape(y: Tensor, options: TapeOptions = {}): Figure {
  const { names = {}, direction = 'forward', at, kept = false, title } = options;
  const trace = traceOf('tape', y, names);
  const edges = trace.steps.flatMap(edgesInto);
  const sent = contributions('tape', y, trace).sent;
  const most = direction === 'forward' ? edges.length : sent.length;
  if (at !== undefined && !(Number.isInteger(at) && at >= 0 && at <= most)) {
    throw new PlotError(`tape: at must be a whole number from 0 to ${most}, the number of edges, got ${at}`);
  }
  const makers = makersIn(trace);
  const progress = direction === 'forward' ? walkForward(trace, edges, at ?? most) : walkBack(trace, sent, at ?? most);
  if (at === undefined) progress.lit = undefined;
  const places = arrange([trace.result], (v) => {
    const step = makers.get(v);
    return step ? tracked(step) : [];
  });
  const place: Place = (v) => places.get(v)!;
  const nodes = [...places.keys()];
  const top = Math.max(...nodes.map((v) => place(v)[1]));
  const rows = kept ? withBoxes : plain;

  const point = (list: readonly Value[], color: string, name: string): PlotlyTrace =>
    mark({
      name,
      x: list.map((v) => place(v)[0]),
      y: list.map((v) => place(v)[1]),
      marker: { color, size: nodeSize, opacity: 1, line: { color: ink, width: 1 } },
    });
  const text = (lines: string[], above: number, color?: string): PlotlyTrace =>
    mark({
      x: nodes.map((v) => place(v)[0]),
      y: nodes.map((v) => place(v)[1] + above),
      text: lines,
      textfont: { size: 12, ...(color && { color }) },
      cliponaxis: false,
    });
  const line = (list: readonly Edge[], color: string, width: number): PlotlyTrace =>
    mark({
      x: list.flatMap((edge) => [...along(edge, place, [0, 0.5, 1]).map(([x]) => x), null]),
      y: list.flatMap((edge) => [...along(edge, place, [0, 0.5, 1]).map(([, y]) => y), null]),
      line: { color, width, shape: 'spline' },
    });
  const gradient = (v: Value) => progress.gradients.get(v);
  const isLeaf = ({ kind }: Value) => kind === 'leaf';
  const numbers = nodes.map((v) =>
    progress.known.has(v) ? `<b>${v.value ? withMinus(short(v.value)) : '?'}</b>` : ' ',
  );
  const slopes = nodes.map((v) => (gradient(v) ? `<b>∇ ${withMinus(short(gradient(v)!))}</b>` : ' '));
  const data = [
    line(edges, neutral, 1.5),
    litArrow(progress.lit, place, direction === 'backward'),
    point(nodes.filter(isLeaf), leafColor, 'leaf'),
    point(
      nodes.filter((v) => !isLeaf(v)),
      resultColor,
      'result',
    ),
    text(
      nodes.map((v) => labelOf(v, makers.get(v))),
      rows.aside,
    ),
    text(numbers, 0, ink),
    text(slopes, -rows.aside, palette[0]),
  ];
  const columns = nodes.map((v) => place(v)[0]);
  const [first, last] = [Math.min(...columns) - 0.6, Math.max(...columns) + 0.6];
  if (kept)
    data.unshift(
      ...boxesUnder(
        trace.steps.map((step) => ({
          at: placeOf(step, place),
          words: keptBy(step),
          isHolding: progress.holding.has(step),
          isOpen: direction === 'backward' && progress.lit?.step === step,
        })),
        690 / (last - first),
      ),
    );
  const plotHeight = options.height ?? rows.pixels * (top + rows.above + rows.below);
  const base = baseLayout({ title, legend: [], plotHeight, axes: false });
  const layout = {
    ...base,
    meta: { ...(base.meta as PlotlyLayout), narrow: smallerBelow((last - first) * leastColumn, data) },
    xaxis: { visible: false, range: [first, last] },
    yaxis: { visible: false, range: [-rows.below, top + rows.above] },
  };
  return new Figure({ data, layout, description: describe(trace, progress, title, kept) });
}

const nodeSize = 46;
/** Column width in pixels below which nodes would touch, and their texts overlap. */
const leastColumn = 66;

/** Properties that shrink in a narrower tape: the sizes of nodes and texts, by plotly's paths. */
function smallerBelow(below: number, data: readonly PlotlyTrace[]): PlotlyLayout {
  const share = 0.72;
  const traces = data.flatMap(({ marker, textfont }, i) => {
    const [node, text] = [marker, textfont].map((part) => (part as { size?: unknown } | undefined)?.size);
    return [
      ...(node === nodeSize ? [[i, 'marker.size', Math.round(share * nodeSize)]] : []),
      ...(typeof text === 'number' ? [[i, 'textfont.size', Math.round(share * text)]] : []),
    ];
  });
  return { below: Math.round(below), traces };
}
const leafColor = '#7FC8AC';
const resultColor = '#84B2D8';
/**
 * Pixels per row, and in rows: the space above and below, and the distance of names and gradients from the middle of a
 * node.
 */
const plain = { pixels: 90, above: 0.7, below: 0.7, aside: 0.37 };
const withBoxes = { pixels: 116, above: 0.4, below: 0.62, aside: 0.285 };

function edgesInto(step: Step): Edge[] {
  const all = tracked(step);
  return all.map((from, i) => {
    const same = all.filter((v) => v === from).length;
    const before = all.slice(0, i).filter((v) => v === from).length;
    return { from, step, aside: 0.4 * (before - (same - 1) / 2) };
  });
}

/** The position of an operation: that of its first used result. */
const placeOf = ({ outputs }: Step, place: Place): [number, number] => outputs.map(place).find((at) => at)!;

/** Points on an edge at fractions of its length. */
function along({ from, step, aside }: Edge, place: Place, shares: readonly number[]): [number, number][] {
  const [start, end] = [place(from), placeOf(step, place)];
  return shares.map((share) => [
    start[0] + share * (end[0] - start[0]),
    start[1] + share * (end[1] - start[1]) + aside * (1 - Math.abs(2 * share - 1)),
  ]);
}

/** The operands of an operation to which a gradient flows. */
const tracked = ({ inputs }: Step): Value[] => inputs.filter((v): v is Value => v?.tracked === true);

/** After `at` edges the leaves are known, and the results of all operations whose edges have been passed. */
function walkForward(trace: Trace, edges: readonly Edge[], at: number): Progress {
  const last = edges[at - 1];
  const waiting = new Set(edges.slice(at).map(({ step }) => step));
  const done = trace.steps.filter((step) => !waiting.has(step));
  const leaves = trace.steps.flatMap(tracked).filter(({ kind }) => kind === 'leaf');
  return {
    known: new Set([...leaves, ...done.flatMap(({ outputs }) => outputs)]),
    gradients: new Map(),
    holding: new Set(done),
    lit: last && { ...last, says: '' },
  };
}

/** The edge along which a term is sent; equal inputs have one each. */
function edgeOf({ step, index }: Contribution): Edge {
  return edgesInto(step)[step.inputs.slice(0, index).filter((v) => v?.tracked).length]!;
}

/** The sums of the received terms after `at` of them have been sent. */
function walkBack(trace: Trace, sent: readonly Contribution[], at: number): Progress {
  const gradients = new Map<Value, Tensor>([[trace.result, trace.result.value!.detach().mul(0).add(1)]]);
  for (const { to, gradient } of sent.slice(0, at)) {
    const sofar = gradients.get(to);
    gradients.set(to, sofar ? sofar.add(gradient) : gradient);
  }
  const last = sent[at - 1];
  return {
    known: new Set(trace.steps.flatMap((step) => [...tracked(step), ...step.outputs])),
    gradients,
    holding: new Set(sent.slice(at).map(({ step }) => step)),
    lit: last && { ...edgeOf(last), says: withMinus(short(last.gradient)) },
  };
}

/** The current edge, with an arrow at its end and its value. */
function litArrow(lit: Progress['lit'], place: Place, isBack: boolean): PlotlyTrace {
  const shares = isBack ? [0.8, 0.5, 0.22] : [0.2, 0.5, 0.78];
  const points = lit ? along(lit, place, shares) : [];
  const coordinate = (k: 0 | 1) => shares.map((_, i) => points[i]?.[k] ?? null);
  return mark({
    x: coordinate(0),
    y: coordinate(1),
    text: ['', lit?.says ?? '', ''],
    textposition: 'top center',
    textfont: { size: 12, color: palette[0] },
    line: { color: palette[0], width: 4, shape: 'spline' },
    marker: { color: palette[0], size: [0, 0, 16], symbol: 'arrow', angleref: 'previous', opacity: 1 },
  });
}

function describe(
  trace: Trace,
  { known, gradients, holding, lit }: Progress,
  title: string | undefined,
  kept: boolean,
): string {
  const words = trace.steps.map((step) => plainFormula(forwardFormula(step)));
  const values = [...known].flatMap((v) => (v.value ? [`${v.name} is ${short(v.value)}`] : []));
  const slopes = [...gradients].map(([v, g]) => `∇${v.name} is ${short(g)}`);
  return [
    `Tape${title ? `: ${title}` : ''}. ${words.join('; ')}.`,
    `${values.join(', ')}.`,
    ...(slopes.length ? [`${slopes.join(', ')}.`] : []),
    ...(kept
      ? [
          `${trace.steps.map((s) => `${s.outputs[0]!.name} keeps ${holding.has(s) ? keptBy(s) : 'nothing now'}`).join(', ')}.`,
        ]
      : []),
    ...(lit ? [`Lit: the edge between ${lit.from.name} and ${lit.step.outputs[0]!.name}.`] : []),
  ].join(' ');
}
