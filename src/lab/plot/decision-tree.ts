import { formatNumber } from '../../display';
import { PlotError } from '../../errors';
import type { Tree } from '../../trees';
import { Figure, type PlotlyTrace } from './figure';
import { extent } from './input';
import { type Dots, mark, orNowhere } from './marks';
import { baseLayout, ink, lossScale, neutral, palette, printed } from './theme';

/** Options of {@link tree}. */
export interface TreeFigureOptions {
  /** The names of the features. Default: x₁, x₂, …; x if there is only one. */
  names?: readonly string[];
  /** A row of numbers whose path from the root is drawn in orange. Default: none. */
  row?: readonly number[];
  /** The maximum depth; deeper splits are omitted. Default: all. */
  maxDepth?: number;
  /** The number of levels with space, for example if a slider changes the depth. Default: the existing ones. */
  levels?: number;
  /** The line above the figure. Default: none. */
  title?: string;
  /** Width of the figure in pixels, which determines the texts that fit. Default: as wide as the page, at least 640. */
  width?: number;
  /** Height of the drawing in pixels. Default: 70 for each level. */
  height?: number;
}

/** A tree, or a model that has one. */
export type GrownTree =
  | Tree
  | { readonly tree: Tree; readonly classes?: readonly number[]; readonly nFeaturesIn?: number };

/** A node with its position: `x` from 0 to 1, leaves side by side. */
interface Placed {
  node: number;
  depth: number;
  x: number;
  /** The width of the space for its text, from 0 to 1. */
  room: number;
  isLeaf: boolean;
}

/** The width of a letter in the words of nodes, in pixels. */
const letter = 6.3;

/**
 * A decision tree: the question of each split, left is yes, and for each leaf its value and number of rows (for
 * classes, the most frequent one and its fraction). Texts that do not fit are shown on hover; the description lists all
 * splits.
 *
 * @example
 * const model = new trees.DecisionTreeRegressor().fit([[1], [2], [3], [4], [5], [6]], [5, 5, 9, 9, 2, 1]);
 * plot.tree(model, { names: ['size'] })
 * @throws {PlotError} if there is no tree, or names, `row`, `maxDepth` or `levels` do not fit it.
 */
export function tree(model: GrownTree, options: TreeFigureOptions = {}): Figure {
  const { grown, classes, features } = read(model);
  const { maxDepth = Number.POSITIVE_INFINITY, title, width } = options;
  check(options, features);
  const nameOf = (feature: number) => options.names?.[feature] ?? (features === 1 ? 'x' : `x${subscript(feature + 1)}`);
  const nodes = place(grown, maxDepth);
  const deepest = nodes.reduce((most, { depth }) => Math.max(most, depth), 0);
  const { levels = deepest } = options;
  const { height = 70 * (levels + 1) } = options;
  if (levels < deepest)
    throw new PlotError(`tree: levels is ${levels}, the tree has ${deepest}; give maxDepth as well`);

  const question = (node: number) => `${nameOf(grown.feature[node]!)} ≤ ${printed(grown.threshold[node]!, 3)}`;
  const answer = (node: number) => answerOf(grown, classes, node);
  const count = (node: number) => `n = ${grown.nNodeSamples[node]!}`;
  const pixels = (width ?? 680) - 40;
  /** The number of lines that fit between two levels. */
  const rows = Math.max(0, Math.floor((height / (levels + 1) - 12) / 15));
  const fits = (text: string, { room }: Placed) => text.length * letter + 6 <= room * pixels;
  const written = nodes.map((one) => {
    const lines = one.isLeaf ? [answer(one.node), count(one.node)] : [question(one.node), count(one.node)];
    if (!fits(lines[0]!, one)) return '';
    return lines
      .filter((line) => fits(line, one))
      .slice(0, rows)
      .join('<br>');
  });
  const lit = new Set(options.row ? way(grown, options.row) : []);
  const at = new Map(nodes.map((one) => [one.node, one]));
  const edge = (parent: Placed, child: Placed) => [
    [round(parent.x), 0 - parent.depth],
    [round(child.x), 0 - parent.depth],
    [round(child.x), 0 - child.depth],
    [null, null],
  ];
  const edges = (wanted: (child: number) => boolean) =>
    nodes.flatMap((parent) =>
      parent.isLeaf
        ? []
        : [grown.childrenLeft[parent.node]!, grown.childrenRight[parent.node]!]
            .filter(wanted)
            .flatMap((child) => edge(parent, at.get(child)!)),
    );
  const line = (name: string, points: (number | null)[][], color: string, thick: number): PlotlyTrace =>
    mark({
      name,
      x: orNowhere(points.map(([x]) => x!)),
      y: orNowhere(points.map(([, y]) => y!)),
      line: { color, width: thick },
    });
  const colors = colorsOf(grown, nodes, classes);
  const data: PlotlyTrace[] = [
    line(
      'edges',
      edges((child) => !lit.has(child)),
      neutral,
      1.2,
    ),
    line(
      'way',
      edges((child) => lit.has(child)),
      palette[0]!,
      3,
    ),
    mark({
      name: 'nodes',
      x: nodes.map(({ x }) => round(x)),
      y: nodes.map(({ depth }) => 0 - depth),
      text: written,
      textposition: 'bottom center',
      textfont: { size: 12 },
      marker: {
        symbol: nodes.map(({ isLeaf }) => (isLeaf ? 'square' : 'circle')),
        size: nodes.map(({ isLeaf }) => (nodes.length > 80 ? 6 : isLeaf ? 15 : 9)),
        ...colors,
        opacity: 1,
        line: { color: ink, width: 1 },
      },
      hovertext: nodes.map(({ node, isLeaf }) =>
        [
          isLeaf ? answer(node) : `${question(node)}?`,
          count(node),
          `impurity ${printed(grown.impurity[node]!, 3)}`,
        ].join('<br>'),
      ),
      cliponaxis: false,
    }),
  ];
  const layout = {
    ...baseLayout({ title, legend: [], width, plotHeight: height, axes: false }),
    xaxis: { visible: false, range: [0, 1] },
    yaxis: { visible: false, range: [-levels - 0.75, 0.25] },
  };
  const words = nodes.map(({ node, isLeaf, depth }) =>
    isLeaf
      ? `${answer(node)} for ${grown.nNodeSamples[node]!}`
      : `${depth === 0 ? '' : `level ${depth}: `}${question(node)}? (${grown.nNodeSamples[node]!})`,
  );
  const told = nodes.length <= 31 ? ` From left to right in depth: ${words.join('; ')}.` : '';
  const leaves = nodes.filter(({ isLeaf }) => isLeaf).length;
  const description =
    `Tree${title ? `: ${title}` : ''}. ${nodes.length - leaves} cuts, ${leaves} leaves, ` +
    `${deepest} ${deepest === 1 ? 'level' : 'levels'}.${told}`;
  return new Figure({ data, layout, description });
}

function read(model: GrownTree): { grown: Tree; classes: readonly number[] | undefined; features: number } {
  const grown = 'tree' in Object(model) ? (model as { tree: Tree }).tree : (model as Tree);
  if (!((grown as Partial<Tree> | undefined)?.feature instanceof Int32Array))
    throw new PlotError('tree: expected a decision tree that has been fitted, such as forest.estimators[0]');
  const { classes, nFeaturesIn } = model as Partial<Exclude<GrownTree, Tree>>;
  return { grown, classes, features: nFeaturesIn ?? grown.feature.reduce((most, j) => Math.max(most, j), 0) + 1 };
}

function check({ names, row, maxDepth, levels }: TreeFigureOptions, features: number): void {
  if (names && names.length < features)
    throw new PlotError(`tree: names has ${names.length} words, there are ${features} features`);
  if (row && row.length < features)
    throw new PlotError(`tree: row has ${row.length} numbers, there are ${features} features`);
  for (const [name, value] of Object.entries({ maxDepth, levels }))
    if (value !== undefined && !(Number.isInteger(value) && value >= 0))
      throw new PlotError(`tree: ${name} must be a whole number from 0 on, got ${value}`);
}

/** The nodes down to a depth: leaves side by side, a split centred above its two children. */
function place(grown: Tree, maxDepth: number): Placed[] {
  const depths = grown.depths;
  const shown = Array.from(depths.keys()).filter((node) => depths[node]! <= maxDepth);
  const isLeaf = (node: number) => grown.feature[node]! < 0 || depths[node] === maxDepth;
  const ends = shown.filter(isLeaf); // from left to right, since nodes are numbered depth-first
  const x = new Map(ends.map((node, i) => [node, (i + 0.5) / ends.length]));
  const room = new Map(ends.map((node) => [node, 1 / ends.length]));
  for (const node of [...shown].reverse()) {
    if (isLeaf(node)) continue;
    const [low, high] = [x.get(grown.childrenLeft[node]!)!, x.get(grown.childrenRight[node]!)!];
    x.set(node, (low + high) / 2);
    room.set(node, high - low);
  }
  return shown.map((node) => ({
    node,
    depth: depths[node]!,
    x: x.get(node)!,
    room: room.get(node)!,
    isLeaf: isLeaf(node),
  }));
}

/** The nodes on the path of a row. */
function way(grown: Tree, row: readonly number[]): number[] {
  const passed = [0];
  for (let node = 0; grown.feature[node]! >= 0; passed.push(node))
    node =
      row[grown.feature[node]!]! <= grown.threshold[node]! ? grown.childrenLeft[node]! : grown.childrenRight[node]!;
  return passed;
}

function answerOf(grown: Tree, classes: readonly number[] | undefined, node: number): string {
  if (!classes) return printed(grown.value[node]!, 3);
  const { label, share } = mostFrequent(grown, node);
  return `${formatNumber(classes[label]!)} (${Math.round(100 * share)} %)`;
}

function mostFrequent({ value, outputs }: Tree, node: number) {
  const shares = Array.from(value.subarray(node * outputs, (node + 1) * outputs));
  const share = Math.max(...shares);
  return { label: shares.indexOf(share), share };
}

/** Leaves in the colour of their class, or darker for larger numbers; splits in grey. */
function colorsOf(grown: Tree, nodes: readonly Placed[], classes: readonly number[] | undefined): Dots {
  const leaves = nodes.filter(({ isLeaf }) => isLeaf);
  if (classes)
    return {
      color: nodes.map(({ node, isLeaf }) =>
        isLeaf ? palette[mostFrequent(grown, node).label % palette.length]! : '#B4B4B4',
      ),
    };
  const [low, high] = extent(leaves.map(({ node }) => grown.value[node]!));
  const span = high - low || 1;
  return {
    color: nodes.map(({ node, isLeaf }) => (isLeaf ? round((grown.value[node]! - low) / span) : -0.2)),
    cmin: -0.2,
    cmax: 1,
    colorscale: [
      [0, '#B4B4B4'],
      [0.16, '#B4B4B4'],
      ...lossScale.map(([at, color]): [number, string] => [0.1667 + 0.8333 * at, color]),
    ],
  };
}

const round = (value: number) => Math.round(value * 1e4) / 1e4;
const subscript = (value: number) =>
  String(value).replace(/\d/g, (digit) => String.fromCharCode(0x2080 + Number(digit)));
