import { describe } from '../../../describe';
import { roundTo } from '../../../display';
import { PlotError } from '../../../errors';
import { arrange } from '../../plot/arrange';
import { Figure, type PlotlyTrace } from '../../plot/figure';
import { compact } from '../../plot/input';
import { mark, orNowhere } from '../../plot/marks';
import { baseLayout, ink, neutral, palette } from '../../plot/theme';

/** One block of {@link blocks}. */
export interface Block {
  /**
   * A variable is a circle, grey if it is observed and white if it is computed. A function that may return anything is
   * a rounded box; a cost, which returns a single number, is a square.
   */
  kind: 'observed' | 'computed' | 'function' | 'cost';
  /** The text below it, such as its value. Default: none. */
  text?: string;
}

/** Options of {@link blocks}. */
export interface BlocksOptions {
  /** The highlighted blocks, or edges as `[from, to]`. Default: none. */
  lit?: readonly (string | readonly [from: string, to: string])[];
  /** The line above the figure. Default: none. */
  title?: string;
  /** Width of the figure in pixels. Default: as wide as the page. */
  width?: number;
  /** Height of the drawing in pixels. Default: 90 per row and a margin. */
  height?: number;
}

/** Distance of columns and rows. */
const [columnGap, rowGap] = [1.9, 1.3];
const radius = 0.36;
/** Half the width and height of each kind. */
const halves = {
  observed: [radius, radius],
  computed: [radius, radius],
  function: [0.62, 0.34],
  cost: [0.46, 0.46],
} as const;

/**
 * A model as a block diagram, from left to right: values flow along the edges. Names may be short formulas, such as G(x, w).
 *
 * @example
 * blocks(
 *   { x: { kind: 'observed' }, 'G(x, w)': { kind: 'function' }, 'ȳ': { kind: 'computed', text: '0.7' } },
 *   [['x', 'G(x, w)'], ['G(x, w)', 'ȳ']],
 * );
 * @param nodes The blocks by name. @param edges Pairs of names, from and to.
 * @throws {PlotError} if there is no block, a kind is unknown, or an edge leads to an unknown name or closes a cycle.
 */
export function blocks(
  nodes: Readonly<Record<string, Block>>,
  edges: readonly (readonly [from: string, to: string])[],
  options: BlocksOptions = {},
): Figure {
  const { lit = [], title, width } = options;
  const names = Object.keys(nodes);
  check(nodes, edges, lit);
  const inputsOf = (name: string) => edges.filter(([, to]) => to === name).map(([from]) => from);
  const results = names.filter((name) => !edges.some(([from]) => from === name));
  const places = arrange(results, inputsOf);
  const at = (name: string): [number, number] => {
    const [column, row] = places.get(name)!;
    return [roundTo(column * columnGap, 4), roundTo(row * rowGap, 4)];
  };
  const isLit = (edge: readonly [string, string]) =>
    lit.some((one) => typeof one !== 'string' && one[0] === edge[0] && one[1] === edge[1]);
  const shapes = (kinds: readonly Block['kind'][], name: string, fill: string) =>
    outline(
      names.filter((one) => kinds.includes(nodes[one]!.kind)).map((one) => [at(one), nodes[one]!.kind]),
      name,
      fill,
    );
  const glow = names.filter((name) => lit.includes(name)).map((name) => [at(name), nodes[name]!.kind] as const);
  const [columns, rows] = [0, 1].map((k) => Math.max(...names.map((name) => places.get(name)![k]!))) as [
    number,
    number,
  ];
  const words = (y: (name: string) => number, text: (name: string) => string, color?: string): PlotlyTrace =>
    mark({
      name: color ? 'names' : 'texts',
      x: names.map((name) => at(name)[0]),
      y: names.map((name) => compact([at(name)[1] + y(name)], 10)[0]),
      text: names.map(text),
      textfont: { size: color ? 14 : 12, ...(color && { color }) },
      cliponaxis: false,
    });
  const data = [
    arrows(
      edges.filter((edge) => !isLit(edge)),
      nodes,
      at,
      'edges',
      neutral,
      2,
    ),
    arrows(edges.filter(isLit), nodes, at, 'lit edges', palette[0]!, 4),
    shapes(['observed'], 'observed', '#C4C8CC'),
    shapes(['computed'], 'computed', '#FFFFFF'),
    shapes(['function'], 'functions', '#84B2D8'),
    shapes(['cost'], 'costs', '#F0A35E'),
    { ...outline(glow, 'lit', 'rgba(0, 0, 0, 0)'), line: { color: palette[0], width: 4 } },
    words(
      () => 0,
      (name) => name,
      ink,
    ),
    words(
      (name) => -halves[nodes[name]!.kind][1] - 0.16,
      (name) => nodes[name]!.text ?? ' ',
    ),
  ];
  const layout = {
    ...baseLayout({ title, legend: [], width, plotHeight: options.height ?? 70 * (rows * rowGap + 1.4), axes: false }),
    xaxis: { visible: false, range: [-0.8, columns * columnGap + 0.8], constrain: 'domain' },
    yaxis: { visible: false, range: [-0.75, rows * rowGap + 0.65], scaleanchor: 'x', constrain: 'domain' },
  };
  return new Figure({ data, layout, description: describeFigure(nodes, edges, lit, title) });
}

function check(
  nodes: Readonly<Record<string, Block>>,
  edges: readonly (readonly [string, string])[],
  lit: NonNullable<BlocksOptions['lit']>,
): void {
  const names = Object.keys(nodes);
  if (!names.length) throw new PlotError('blocks: expected at least one block, got none');
  for (const [name, { kind }] of Object.entries(nodes))
    if (!(kind in halves)) {
      throw new PlotError(
        `blocks: a kind is one of ${Object.keys(halves).join(', ')}; that of ${name} is ${describe(kind)}`,
      );
    }
  const missing = [...edges, ...lit].flat().find((name) => !names.includes(name));
  if (missing !== undefined) {
    throw new PlotError(`blocks: there is no block “${missing}”; there are ${names.join(', ')}`);
  }
  // Without a cycle, blocks without remaining inputs can be removed one by one.
  let left = names;
  for (let before = -1; left.length !== before; ) {
    before = left.length;
    const waiting = left;
    left = waiting.filter((name) => edges.some(([from, to]) => to === name && waiting.includes(from)));
  }
  if (left.length) throw new PlotError(`blocks: edges lead in a circle, through ${left.join(', ')}`);
}

/** The outlines of blocks in one trace; circles have this radius. */
export function outline(
  places: readonly (readonly [place: readonly [number, number], kind: Block['kind']])[],
  name: string,
  fillcolor: string,
  circle: number = radius,
): PlotlyTrace {
  const points = places.flatMap(([[x, y], kind]) => {
    const isCircle = kind === 'observed' || kind === 'computed';
    const [wide, high] = isCircle ? [circle, circle] : halves[kind];
    // Quarter circles of this radius at the corners.
    const round = kind === 'cost' ? 0 : isCircle ? circle : 0.22;
    const steps = round === 0 ? [0] : [0, 1, 2, 3, 4, 5, 6];
    const corners = [0, 1, 2, 3].flatMap((corner) =>
      steps.map((step): [number, number] => {
        const turn = (Math.PI / 2) * (corner + (round === 0 ? 0 : step / 6));
        const [right, up] = [corner === 0 || corner === 3 ? 1 : -1, corner < 2 ? 1 : -1];
        return [x + right * (wide - round) + round * Math.cos(turn), y + up * (high - round) + round * Math.sin(turn)];
      }),
    );
    return [...corners, corners[0]!, [null, null] as const];
  });
  return mark({
    name,
    x: compact(orNowhere(points.map(([x]) => x)), 10),
    y: compact(orNowhere(points.map(([, y]) => y)), 10),
    fill: 'toself',
    fillcolor,
    line: { color: neutral, width: 1.5 },
  });
}

/** Arrows from border to border. */
function arrows(
  edges: readonly (readonly [string, string])[],
  nodes: Readonly<Record<string, Block>>,
  at: (name: string) => [number, number],
  name: string,
  color: string,
  width: number,
): PlotlyTrace {
  const ends = edges.map(([from, to]) => {
    const [[x0, y0], [x1, y1]] = [at(from), at(to)];
    const [dx, dy] = [x1 - x0, y1 - y0];
    // The part of the line inside a block.
    const inside = (name: string) => {
      const { kind } = nodes[name]!;
      const [wide, high] = halves[kind];
      if (kind === 'observed' || kind === 'computed') return radius / Math.hypot(dx, dy);
      return Math.min(wide / Math.abs(dx), high / Math.abs(dy));
    };
    const [start, end] = [inside(from), 1 - inside(to) - 0.02];
    return { x: [x0 + start * dx, x0 + end * dx, null], y: [y0 + start * dy, y0 + end * dy, null] };
  });
  return mark({
    name,
    x: compact(orNowhere(ends.flatMap(({ x }) => x)), 10),
    y: compact(orNowhere(ends.flatMap(({ y }) => y)), 10),
    line: { color, width },
    marker: { color, size: ends.flatMap(() => [0, 12, 0]), symbol: 'arrow', angleref: 'previous', opacity: 1 },
  });
}

function describeFigure(
  nodes: Readonly<Record<string, Block>>,
  edges: readonly (readonly [string, string])[],
  lit: NonNullable<BlocksOptions['lit']>,
  title: string | undefined,
): string {
  const all = Object.entries(nodes).map(([name, { kind, text }]) => `${name} (${kind}${text ? `, ${text}` : ''})`);
  const flow = edges.map(([from, to]) => `${from} to ${to}`);
  const bright = lit.map((one) => (typeof one === 'string' ? one : one.join(' to ')));
  return [
    `Blocks${title ? `: ${title}` : ''}. ${all.join(', ')}. ${flow.length ? `Edges: ${flow.join(', ')}.` : 'No edges.'}`,
    ...(bright.length ? [`Lit: ${bright.join(', ')}.`] : []),
  ].join(' ');
}
