import type { Node } from '../../../autograd/node';
import { roundTo } from '../../../display';
import { PlotError } from '../../../errors';
import { kindOf, levelsOf } from '../../../inspection/longest-chain';
import { requireTensor } from '../../../ops/table/arguments';
import type { Tensor } from '../../../tensor/tensor';
import { arrange } from '../../plot/arrange';
import { Figure, type PlotlyTrace } from '../../plot/figure';
import { mark, orNowhere } from '../../plot/marks';
import { axis, baseLayout, ink, neutral, palette } from '../../plot/theme';

/** One graph of {@link rounds}. */
export interface RoundsRow {
  /** Its name, written above it. */
  name: string;
  /** Its result. */
  y: Tensor;
  /** The operations that count as a step, as for `depth`; others belong to the next step. Default: every operation. */
  steps?: readonly string[] | undefined;
  /** The names of results, as in `{ eye, face }`. Default: the operation's sign. */
  names?: Readonly<Record<string, Tensor>>;
}

/** Options of {@link rounds}. */
export interface RoundsOptions {
  /**
   * The number of rounds that have passed; the steps of the last one are highlighted. Default: all, and the longest
   * chain is highlighted.
   */
  at?: number;
  /** The line above the figure. Default: none. */
  title?: string;
  /** The name of the axis. Default: “round”. */
  xLabel?: string;
  /** Height of the drawing in pixels. Default: 110 for each graph. */
  height?: number;
}

/**
 * Graphs of results, one below the other on a common axis. Each round runs all steps whose inputs are ready, so the
 * length of a graph is its depth. Leaves are at 0. The longest chain is orange, or, with `at`, the steps of that round.
 *
 * @example
 * const w = [1, 2, 3, 4].map((value) => tensor(value, { requiresGrad: true }));
 * rounds([
 *   { name: 'chain', y: w[0].add(w[1]).add(w[2]).add(w[3]) },
 *   { name: 'tree', y: w[0].add(w[1]).add(w[2].add(w[3])) },
 * ]);
 * @throws {PlotError} if there are no graphs, one has no step, or `at` is not a number of rounds; {@link ValueError}
 *   if a result is not a tensor or `steps` is not a list of names.
 */
export function rounds(rows: readonly RoundsRow[], options: RoundsOptions = {}): Figure {
  const { at, title, xLabel = 'round' } = options;
  if (!rows.length) throw new PlotError('rounds: expected at least one graph, got none');
  if (at !== undefined && !(Number.isInteger(at) && at >= 0)) {
    throw new PlotError(`rounds: at must be a whole number from 0 on, got ${at}`);
  }
  const height = options.height ?? 110 * rows.length;
  const graphs = rows.map((row, i) => graphOf(row, rows.length - 1 - i, height / rows.length, at));
  const most = Math.max(...graphs.map(({ depth }) => depth));
  const nodes = graphs.flatMap((graph) => graph.nodes);
  const edges = graphs.flatMap((graph) => graph.edges);
  const line = (lit: boolean): PlotlyTrace => {
    const list = edges.filter((edge) => edge.lit === lit);
    return mark({
      name: lit ? 'lit edges' : 'edges',
      x: orNowhere(list.flatMap(({ from, to }) => [from.x, to.x, null])),
      y: orNowhere(list.flatMap(({ from, to }) => [from.y, to.y, null])),
      line: { color: lit ? palette[0] : neutral, width: lit ? 3 : 1 },
    });
  };
  const words = (isInside: boolean): PlotlyTrace =>
    mark({
      name: isInside ? 'signs' : 'names',
      x: nodes.map(({ x }) => x),
      y: nodes.map(({ y, lift }) => (isInside ? y : roundTo(y + lift, 4))),
      text: nodes.map(({ text }) => (text.length <= 2 === isInside ? text : ' ')),
      textfont: { size: 12, ...(isInside && { color: ink }) },
      cliponaxis: false,
    });
  const data = [
    line(false),
    line(true),
    mark({
      name: 'steps',
      x: nodes.map(({ x }) => x),
      y: nodes.map(({ y }) => y),
      marker: {
        symbol: nodes.map(({ look }) => look.symbol),
        color: nodes.map(({ look, isDone }) => (isDone ? look.color : waiting)),
        size: nodes.map(({ size }) => size),
        opacity: 1,
        line: {
          color: nodes.map(({ lit }) => (lit ? palette[0] : neutral)),
          width: nodes.map(({ lit, size }) => (lit ? (size < 12 ? 1.5 : 3) : 1)),
        },
      },
    }),
    words(true),
    words(false),
    mark({
      name: 'graphs',
      x: graphs.map(() => -0.45),
      y: graphs.map((_, i) => rows.length - 1 - i + 0.9),
      text: graphs.map(({ says }) => says),
      textposition: 'middle right',
      textfont: { size: 13 },
      cliponaxis: false,
    }),
  ];
  const base = baseLayout({ title, legend: [], plotHeight: height, axes: true });
  const layout = {
    ...base,
    margin: { ...(base.margin as object), l: 30 },
    xaxis: { ...axis(xLabel, [-0.5, most + 0.5]), tick0: 0, dtick: most > 24 ? 5 : 1, showgrid: true },
    yaxis: { visible: false, range: [0, rows.length] },
  };
  return new Figure({ data, layout, description: describeFigure(graphs, at, title) });
}

interface Look {
  sign: string;
  symbol: string;
  color: string;
}
const leafLook: Look = { sign: '', symbol: 'circle', color: '#C4C8CC' };
const product = (sign: string): Look => ({ sign, symbol: 'circle', color: '#84B2D8' });
const sum = (sign: string): Look => ({ sign, symbol: 'square', color: '#7FC8AC' });
const other = (sign: string): Look => ({ sign, symbol: 'diamond', color: '#F3D9A4' });
const looks: Readonly<Record<string, Look>> = {
  Mul: product('×'),
  Div: product('÷'),
  Mv: product('W'),
  Mm: product('W'),
  Addmm: product('W+'),
  Add: sum('+'),
  Sub: sum('−'),
  Sum: sum('Σ'),
  Stack: other(''),
  Sigmoid: other('σ'),
};
const lookOf = (node: Node): Look => {
  if (node.variable) return leafLook;
  const kind = kindOf(node);
  return looks[kind] ?? other(kind.toLowerCase());
};
/** The style of steps that have not run: faint, on light and dark pages. */
const waiting = 'rgba(128, 128, 128, 0.15)';

interface Drawn {
  x: number;
  y: number;
  /** The distance of a name above its node. */
  lift: number;
  look: Look;
  text: string;
  size: number;
  isDone: boolean;
  lit: boolean;
}

interface DrawnGraph {
  nodes: Drawn[];
  edges: { from: Drawn; to: Drawn; lit: boolean }[];
  depth: number;
  says: string;
  name: string;
  /** The number of steps in each round. */
  counts: number[];
}

/** One graph, between the heights `floor` and `floor + 1`, each `pixels` high. */
function graphOf(row: RoundsRow, floor: number, pixels: number, at: number | undefined): DrawnGraph {
  const { name, y, steps, names = {} } = row;
  requireTensor('rounds', y, `the result of ${name}`);
  if (y.gradFn === null)
    throw new PlotError(`rounds: ${name} has no step; it was not computed from a tensor with requiresGrad`);
  const levels = levelsOf('rounds', y.gradFn, steps);
  const isStep = (node: Node) => steps === undefined || steps.includes(kindOf(node));
  const level = (node: Node) => levels.get(node) ?? 0;

  /** For each operation the steps and leaves that it depends on, and the free operations between. */
  const before = new Map<Node, { sources: Node[]; free: Node[] }>();
  for (const node of levels.keys()) {
    const found = node.nextFunctions.flatMap(([next]) => {
      if (next === null) return [];
      if (next.variable || isStep(next)) return [{ sources: [next], free: [] }];
      const { sources, free } = before.get(next)!;
      return [{ sources, free: [...free, next] }];
    });
    const all = (key: 'sources' | 'free') => [...new Set(found.flatMap((one) => one[key]))];
    before.set(node, { sources: all('sources'), free: all('free') });
  }
  const sourcesOf = (node: Node) => before.get(node)?.sources ?? [];
  const results = isStep(y.gradFn) ? [y.gradFn] : sourcesOf(y.gradFn);
  const places = arrange(results, sourcesOf, level);
  const shown = [...places.keys()];
  const stepsShown = shown.filter((node) => !node.variable);
  if (!stepsShown.length) throw new PlotError(`rounds: ${name} has no step${steps ? ` of ${steps.join(' or ')}` : ''}`);
  const depth = Math.max(...results.map(level));

  const chain = new Set<Node>();
  for (let node = results.find((one) => level(one) === depth); node; ) {
    chain.add(node);
    const wanted = level(node) - 1;
    node = sourcesOf(node).find((source) => level(source) === wanted);
  }

  const heights = [...places.values()].map(([, height]) => height);
  const [low, high] = [Math.min(...heights), Math.max(...heights)];
  const share = 0.66; // of the graph's height; the rest is for its name
  const gap = (share * pixels) / Math.max(1, high - low + 1);
  const nameOf = (node: Node) => {
    const given = Object.keys(names).find((one) => names[one]!.gradFn === node);
    if (given !== undefined) return given;
    const signs = [...(before.get(node)?.free ?? []), node].map((one) => lookOf(one).sign);
    return [...new Set(signs)].join('');
  };
  const texts = new Map(stepsShown.map((node) => [node, nameOf(node)]));
  const besideNames = (gap - 14) * 0.75; // names are above their nodes
  const hasNames = besideNames >= 10 && [...texts.values()].some((text) => text.length > 2);
  const size = Math.round(Math.min(24, Math.max(5, hasNames ? besideNames : gap * 0.86)));
  const textOf = (node: Node) => {
    const text = texts.get(node) ?? '';
    return (text.length > 2 ? hasNames : size >= 15) ? text : '';
  };
  const drawn = new Map(
    shown.map((node): [Node, Drawn] => {
      const [column, height] = places.get(node)!;
      const isLeaf = node.variable !== null;
      const isDone = at === undefined || column <= at;
      const own = isLeaf ? Math.min(size, 8) : size;
      return [
        node,
        {
          x: column,
          y: roundTo(floor + 0.06 + share * ((height - low + 0.5) / (high - low + 1)), 4),
          lift: roundTo((0.66 * own + 8) / pixels, 4),
          look: lookOf(node),
          text: (isDone && textOf(node)) || ' ',
          size: own,
          isDone,
          lit: at === undefined ? chain.has(node) : column === at && !isLeaf,
        },
      ];
    }),
  );
  const edges = shown.flatMap((to) =>
    sourcesOf(to).map((from) => ({
      from: drawn.get(from)!,
      to: drawn.get(to)!,
      lit: at === undefined ? chain.has(from) && chain.has(to) : level(to) === at,
    })),
  );
  const counts = Array.from({ length: depth }, (_, i) => stepsShown.filter((node) => level(node) === i + 1).length);
  const done = stepsShown.filter((node) => level(node) <= (at ?? depth)).length;
  const says = at === undefined ? `depth ${depth}` : `${done} of ${stepsShown.length} steps done`;
  return { nodes: [...drawn.values()], edges, depth, says: `<b>${name}</b>: ${says}`, name, counts };
}

function describeFigure(graphs: readonly DrawnGraph[], at: number | undefined, title: string | undefined): string {
  const words = graphs.map(
    ({ name, depth, counts, says }) =>
      `${name}: depth ${depth}, with ${counts.join(', ')} steps in its rounds${at === undefined ? '' : `; ${says.replace(/^.*: /, '')} after round ${at}`}.`,
  );
  return `Graphs by rounds${title ? `: ${title}` : ''}. ${words.join(' ')}`;
}
