import { roundTo, toPlain } from '../../display';
import { PlotError } from '../../errors';
import type { BackwardMatrices } from '../classic/backward';
import { arrowPaths } from './arrows';
import {
  type Box,
  borders,
  cellsOf,
  given,
  heightOf,
  inWords,
  mostOf,
  namesOf,
  superscript,
  taken,
  thin,
  widthOf,
  words,
} from './boxes';
import { Figure, type PlotlyLayout, type PlotlyTrace } from './figure';
import { mark } from './marks';
import { baseLayout, neutral, palette, printed } from './theme';

/** Options of {@link layerGraph}. */
export interface LayerGraphOptions {
  /** The number of operations done, from 1 on; the last of them is highlighted. Default: all, without a highlight. */
  step?: number;
  /** Whether arrows lead from each F to the results that use it: ∇W and the P of the layer below. Default: false. */
  uses?: boolean;
  /** Added to the title after the formula of the operation. Default: none. */
  title?: string;
  /** Width of the figure in pixels. Default: as wide as the page. */
  width?: number;
  /** Height of a row of cells in pixels. Default: 17. */
  cell?: number;
}

/** One operation: its operands and its results, by key. */
interface Operation {
  takes: readonly string[];
  makes: string;
  formula: string;
}

/**
 * Both passes of {@link classic.backward.matrices} as boxes of coloured cells: above the forward pass from left to
 * right, below the backward pass from right to left, each matrix under one of the same size. Each has its own colour
 * scale, up to its largest number; hovering over a cell shows its number. With `step`, an operation at a time: its two
 * factors are framed, its result is filled in, and its formula is the title. A net of L layers takes 5 L + 1
 * operations.
 *
 * @example
 * manualSeed(0);
 * const net = new nn.Sequential(new nn.Linear(2, 3, { bias: false }), new nn.Tanh(), new nn.Linear(3, 1, { bias: false }));
 * const passes = classic.backward.matrices(net, randn([4, 2]), randn([4, 1]));
 * plot.slider([1, 6, 11], (step) => plot.layerGraph(passes, { step }), { label: 'operation' })
 * @throws {PlotError} if `step` is not a number of operations.
 */
export function layerGraph(passes: BackwardMatrices, options: LayerGraphOptions = {}): Figure {
  const { step, uses = false, title, width, cell = 17 } = options;
  const operations = operationsOf(passes);
  const most = operations.length;
  if (step !== undefined && !(Number.isInteger(step) && step >= 1 && step <= most)) {
    throw new PlotError(`layerGraph: step must be a whole number from 1 to ${most}, the operations, got ${step}`);
  }
  const { boxes, columns, rows } = arrange(passes);
  const made = new Map(operations.map(({ makes }, i) => [makes, i + 1]));
  const isKnown = (key: string) => (made.get(key) ?? 0) <= (step ?? most);
  const lit = step === undefined ? undefined : operations[step - 1]!;
  const entries = [...boxes];
  const data = [
    ...paths(operations, boxes, rows),
    ...entries.map(([key, box]) => cellsOf(box, { most: mostOf([box]), write: undefined, hidden: !isKnown(key) })),
    borders([...boxes.values()], thin),
    borders((lit?.takes ?? []).map((key) => boxes.get(key)!).filter(Boolean), taken, 0.08),
    borders(lit ? [boxes.get(lit.makes)!] : [], given, 0.12),
    ...usesOf(uses ? operations.slice(0, step ?? most) : [], boxes, rows),
    ...arrows(lit, boxes, rows),
    ...namesOf(entries.map(([key, box]) => (key === 'C' && !isKnown(key) ? { ...box, below: '' } : box))),
    words(
      'directions',
      [
        { text: 'forward →', x: -gap / 2, y: 0.6 },
        { text: '← back', x: -gap / 2, y: rows.lower },
      ],
      13,
      'middle right',
    ),
  ];
  const line = [lit?.formula, title].filter(Boolean).join(' · ');
  const base = baseLayout({
    title: line ? `<b>${line}</b>` : undefined,
    legend: [],
    width,
    plotHeight: cell * rows.bottom,
    axes: false,
  });
  const layout = {
    ...base,
    meta: { ...(base.meta as PlotlyLayout), narrow: smallerBelow((columns + gap) * leastCell, data) },
    xaxis: { visible: false, range: [-gap / 2, columns + gap / 2] },
    yaxis: { visible: false, range: [rows.bottom, 0] },
  };
  const known = entries.filter(([key]) => isKnown(key)).map(([, box]) => inWords(box));
  const description = `Both passes of a net of ${passes.layers.length} layers${line ? `: ${line}` : ''}. ${known.join('. ')}.`;
  return new Figure({ data, layout, description });
}

/** Pixels of a cell's width below which adjacent texts would touch. */
const leastCell = 11.5;
/** The sizes of names, directions and sizes of matrices in a narrower figure. */
const smaller: Readonly<Record<string, number>> = { names: 10, directions: 9, sizes: 7 };

/** Properties that shrink below a width: the sizes of texts, by plotly's paths. */
const smallerBelow = (below: number, data: readonly PlotlyTrace[]): PlotlyLayout => ({
  below: Math.round(below),
  traces: data.flatMap(({ name = '', mode }, i) =>
    mode === 'text' && name in smaller ? [[i, 'textfont.size', smaller[name]!]] : [],
  ),
});

/** Cells between two matrices. */
const gap = 1.7;
/** Cells for an arc and the names above a row, and below it for sizes and an arc. */
const [above, below] = [3, 2.9];

/** Returns the key of the input matrix of layer l, from 0; after the last it is the net's output. */
const inputKey = (l: number) => `I${l}`;
const inputName = (l: number, count: number) => (l === count ? 'Ŷ' : l === 0 ? 'X' : `I${superscript(l + 1)}`);

/** Forward pass, the cost, and backward pass. */
function operationsOf({ layers }: BackwardMatrices): Operation[] {
  const count = layers.length;
  const forward = layers.flatMap(({ b, activation }, l): Operation[] => [
    {
      takes: [inputKey(l), `W${l}`],
      makes: `Z${l}`,
      formula: `Z${superscript(l + 1)} = ${inputName(l, count)} W${superscript(l + 1)}${b ? ` + b${superscript(l + 1)}` : ''}`,
    },
    {
      takes: [`Z${l}`],
      makes: inputKey(l + 1),
      formula: `${inputName(l + 1, count)} = ${activation ? `g(Z${superscript(l + 1)})` : `Z${superscript(l + 1)}`}`,
    },
  ]);
  const back = [...layers.entries()].reverse().flatMap(([l, { dg }]): Operation[] => {
    const [own, next] = [superscript(l + 1), superscript(l + 2)];
    const isLast = l === count - 1;
    return [
      isLast
        ? { takes: ['C', inputKey(count)], makes: `P${l}`, formula: `P${own} = ∂C/∂Ŷ` }
        : { takes: [`F${l + 1}`, `W${l + 1}`], makes: `P${l}`, formula: `P${own} = F${next} (W${next})ᵀ` },
      {
        takes: [`P${l}`, `Z${l}`],
        makes: `F${l}`,
        formula: `F${own} = P${own} ${dg.ndim === 2 ? '⊙' : '·'} g′(Z${own})`,
      },
      {
        takes: [inputKey(l), `F${l}`],
        makes: `dW${l}`,
        formula: `∇W${own} = ${l === 0 ? 'Xᵀ' : `(I${own})ᵀ`} F${own}`,
      },
    ];
  });
  return [...forward, { takes: [inputKey(count)], makes: 'C', formula: 'C = loss(Ŷ, y)' }, ...back];
}

/** Positions of the two rows, in cells. */
interface Rows {
  /** Middles of the upper and the lower row, and half of the height of the highest matrix. */
  upper: number;
  lower: number;
  half: number;
  bottom: number;
}

/** The boxes by key, each gradient below its matrix. */
function arrange({ layers, loss }: BackwardMatrices) {
  const plain = (x: { tolist(): unknown }) => toPlain(x as never) as number[][];
  const count = layers.length;
  const half = Math.max(...layers.flatMap(({ I, W }) => [I.shape[0]!, W.shape[0]!])) / 2;
  const upper = above + half;
  const lower = upper + half + below + above - 1 + half;
  const boxes = new Map<string, Box>();
  let left = 0;
  const put = (key: string, name: string, rows: number[][], under?: [key: string, name: string, rows: number[][]]) => {
    // Hair spaces, because columns of one number are close together.
    const below = `${rows.length}\u200A×\u200A${rows[0]!.length}`;
    boxes.set(key, { name, rows, below, left, top: upper - rows.length / 2 });
    if (under) {
      const [key, name, rows] = under;
      boxes.set(key, { name, rows, below, left, top: lower - rows.length / 2 });
    }
    left += rows[0]!.length + gap;
  };
  put(inputKey(0), 'X', plain(layers[0]!.I));
  for (const [l, { W, Z, O, P, F, dW }] of layers.entries()) {
    const own = superscript(l + 1);
    put(`W${l}`, `W${own}`, plain(W), [`dW${l}`, `∇W${own}`, plain(dW)]);
    put(`Z${l}`, `Z${own}`, plain(Z), [`F${l}`, `F${own}`, plain(F)]);
    put(inputKey(l + 1), inputName(l + 1, count), plain(O), [`P${l}`, `P${own}`, plain(P)]);
  }
  put('C', 'C', [[loss]]);
  boxes.get('C')!.below = printed(loss, 3);
  const rows: Rows = { upper, lower, half, bottom: lower + half + below };
  return { boxes, columns: left - gap, rows };
}

/** The arrow from one matrix to another: straight, over the boxes between, or from row to row. */
function way(from: Box, to: Box, { upper, lower, half }: Rows): [x: number[], y: number[]] {
  const middle = (box: Box) => box.left + widthOf(box) / 2;
  const isUpper = (box: Box) => box.top + heightOf(box) / 2 < (upper + lower) / 2;
  const [a, b] = [middle(from), middle(to)];
  if (isUpper(from) !== isUpper(to)) {
    const start = upper + half + 0.4;
    const end = lower - half - 1.2;
    return [
      [a, a + 0.5 * (b - a), b],
      [start, (start + end) / 2, end],
    ];
  }
  const right = b > a;
  const [leave, arrive] = right ? [from.left + widthOf(from), to.left] : [from.left, to.left + widthOf(to)];
  const row = isUpper(from) ? upper : lower;
  if (Math.abs(arrive - leave) < gap + 0.1) {
    return [
      [leave, (leave + arrive) / 2, arrive],
      [row, row, row],
    ];
  }
  const side = isUpper(from) ? -1 : 1;
  const rim = half + 1.3;
  return [
    [a, (a + b) / 2, b],
    [row + side * rim, row + side * (rim + 1.1), row + side * rim],
  ];
}

/** All arrows, faint. */
function paths(operations: readonly Operation[], boxes: ReadonlyMap<string, Box>, rows: Rows): PlotlyTrace[] {
  const ways = operations.flatMap(({ takes, makes }) =>
    takes.map((key) => way(boxes.get(key)!, boxes.get(makes)!, rows)),
  );
  return [
    mark({
      name: 'ways',
      x: ways.flatMap(([x]) => [...x.map((one) => roundTo(one)), null]),
      y: ways.flatMap(([, y]) => [...y.map((one) => roundTo(one)), null]),
      line: { color: neutral, width: 1, shape: 'spline' },
      opacity: 0.45,
    }),
  ];
}

/** The arrows from each F to the results of these operations. */
function usesOf(done: readonly Operation[], boxes: ReadonlyMap<string, Box>, rows: Rows): PlotlyTrace[] {
  const ways = done.flatMap(({ takes, makes }) =>
    takes.filter((key) => key.startsWith('F')).map((key) => way(boxes.get(key)!, boxes.get(makes)!, rows)),
  );
  const paths = ways.map(([x, y]) => ({ x: x.map((at) => roundTo(at)), y: y.map((at) => roundTo(at)) }));
  return [arrowPaths('uses', paths, { color: palette[0]!, width: 1.6, shape: 'spline' })];
}

/** The arrows of the current operation. */
function arrows(lit: Operation | undefined, boxes: ReadonlyMap<string, Box>, rows: Rows): PlotlyTrace[] {
  return [0, 1].map((k): PlotlyTrace => {
    const key = lit?.takes[k];
    const [x, y] = lit && key !== undefined ? way(boxes.get(key)!, boxes.get(lit.makes)!, rows) : [[null], [null]];
    return mark({
      name: 'lit',
      x: x.map((one) => (one === null ? null : roundTo(one))),
      y: y.map((one) => (one === null ? null : roundTo(one))),
      line: { color: palette[0], width: 3, shape: 'spline' },
      marker: { color: palette[0], size: [0, 0, 14], symbol: 'arrow', angleref: 'previous', opacity: 1 },
      cliponaxis: false,
    });
  });
}
