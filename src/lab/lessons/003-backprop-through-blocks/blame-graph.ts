import { PlotError } from '../../../errors';
import { Figure, type PlotlyLayout } from '../../plot';
import { mark, orNowhere, rectangles } from '../../plot/marks';
import { baseLayout, ink, neutral, palette } from '../../plot/theme';

/** A value, as a circle, or a block, as a box. */
export interface BlameNode {
  /** Its middle: pixels from the left of a drawing 900 wide, and pixels from below. */
  at: readonly [number, number];
  /** The text in it. Default: not known yet, and empty. */
  text?: string;
  /** The text above it. Default: none. */
  above?: string;
  /** The gradient, written below it. Default: none yet. */
  blame?: string;
  /** Whether it is a block, and drawn as a box. Default: a circle. */
  box?: boolean;
}

/** An edge between two nodes, by their indices in the list. */
export interface BlameWay {
  from: number;
  to: number;
  /** The text on it, such as a weight. Default: none. */
  says?: string;
  /** The gradient, below the text. Default: none yet. */
  blame?: string;
  /** The position of the text along the edge, from 0 to 1. Default: 0.5. */
  along?: number;
  /** Whether the text is above and below the line, which then has no gap. Default: false. */
  beside?: boolean;
  /** Whether it is highlighted: drawn thick, with an arrow. Default: false. */
  lit?: boolean;
  /** Its fixed colour. Default: grey. */
  color?: string;
}

/** Options of {@link blameGraph}. */
export interface BlameGraphOptions {
  /** Whether highlighted edges point from `to` to `from`. Default: false. */
  back?: boolean;
  /** The line above the figure. Default: none. */
  title?: string;
  /** Height of the drawing in pixels. Default: 380. */
  height?: number;
}

const wide = 900;
const radius = 23;
const [halfWidth, halfHeight] = [54, 20];
const blameColor = palette[0]!;
const known = '#C3DAED';
const notKnown = 'rgba(138,138,138,0.15)';
const block = '#84B2D8';

/**
 * Values and blocks with their connections: each shows its value, and below, in orange, its gradient. Figures of a
 * slider have the same traces.
 * @example
 * blameGraph([{ at: [60, 90], text: '2' }, { at: [300, 90], text: '3', blame: '−2' }], [{ from: 0, to: 1, says: '1.5', blame: '−4' }])
 * @throws {PlotError} if there is no node, or a connection leads to an unknown one.
 */
export function blameGraph(
  nodes: readonly BlameNode[],
  ways: readonly BlameWay[],
  options: BlameGraphOptions = {},
): Figure {
  const { back = false, title, height = 380 } = options;
  if (nodes.length === 0) throw new PlotError('blameGraph: expected at least one node');
  const lines = ways.map((way) => {
    const [start, end] = [nodes[way.from], nodes[way.to]];
    if (!start || !end) {
      throw new PlotError(`blameGraph: no node ${start ? way.to : way.from}, there are ${nodes.length}`);
    }
    return { ...way, ...between(start, end, way.along ?? 0.5) };
  });
  /** Plotly's frames need the same attributes, so an empty trace has one point outside. */
  type Line = (typeof lines)[number];
  const strokes = (name: string, list: readonly Line[], color: string, width: number) =>
    mark({
      name,
      x: orNowhere(list.flatMap((one) => strokeOf(one).map((point) => (point ? point[0] : null)))),
      y: orNowhere(list.flatMap((one) => strokeOf(one).map((point) => (point ? point[1] : null)))),
      line: { color, width },
    });
  const walked = lines.filter(({ lit }) => lit);
  const heads = walked.map(({ start, end }) => (back ? ([end, start] as const) : ([start, end] as const)));
  const circles = nodes.filter(({ box }) => !box);
  const boxes = nodes.filter(({ box }) => box);
  const areas = (name: string, list: readonly BlameNode[], fillcolor: string) =>
    mark({
      name,
      ...rectangles(
        list.map(({ at: [x, y] }) => ({
          left: x - halfWidth,
          right: x + halfWidth,
          bottom: y - halfHeight,
          top: y + halfHeight,
        })),
      ),
      line: { color: neutral, width: 1.5 },
      fill: 'toself',
      fillcolor,
    });
  /** One trace for each colour, so that a slider changes only positions, and the size for narrow pages stays. */
  const discs = (name: string, list: readonly BlameNode[], color: string) =>
    mark({
      name,
      cliponaxis: false,
      x: orNowhere(list.map(({ at }) => at[0])),
      y: orNowhere(list.map(({ at }) => at[1])),
      marker: { size: 2 * radius, opacity: 1, color, line: { color: neutral, width: 1.5 } },
    });
  const words = (name: string, size: number, color: string, list: { at: readonly [number, number]; text: string }[]) =>
    mark({
      name,
      cliponaxis: false,
      x: list.map(({ at }) => at[0]),
      y: list.map(({ at }) => at[1]),
      text: list.map(({ text }) => text || ' '),
      textfont: { size, color },
    });
  const bold = (text = '') => (text ? `<b>${text}</b>` : '');
  const edgeOf = ({ box }: BlameNode) => (box ? halfHeight : radius);
  const colors = [...new Set(lines.flatMap(({ color }) => (color ? [color] : [])))];
  const data = [
    strokes(
      'ways',
      lines.filter(({ color, lit }) => !color && !lit),
      neutral,
      1.5,
    ),
    strokes(
      'walked now',
      lines.filter(({ color, lit }) => !color && lit),
      back ? blameColor : neutral,
      3,
    ),
    ...colors.map((color) =>
      strokes(
        `ways in ${color}`,
        lines.filter((one) => one.color === color),
        color,
        4,
      ),
    ),
    mark({
      name: 'heads',
      cliponaxis: false,
      x: orNowhere(heads.flatMap(([a, b]) => [a[0], b[0], null])),
      y: orNowhere(heads.flatMap(([a, b]) => [a[1], b[1], null])),
      line: { color: 'rgba(0,0,0,0)', width: 1 },
      marker: {
        color: back ? blameColor : neutral,
        symbol: 'arrow',
        angleref: 'previous',
        opacity: 1,
        size: orNowhere(heads.flatMap(() => [0, 14, 0])).map((size) => size ?? 0),
      },
    }),
    discs(
      'circles',
      circles.filter(({ text }) => text),
      known,
    ),
    discs(
      'circles not known',
      circles.filter(({ text }) => !text),
      notKnown,
    ),
    areas(
      'boxes',
      boxes.filter(({ text }) => text),
      block,
    ),
    areas(
      'boxes not known',
      boxes.filter(({ text }) => !text),
      notKnown,
    ),
    words(
      'texts',
      14,
      ink,
      nodes.map(({ at, text = '' }) => ({ at, text: bold(text) })),
    ),
    words(
      'names',
      14,
      neutral,
      nodes.map((node) => ({ at: [node.at[0], node.at[1] + edgeOf(node) + 11], text: node.above ?? '' })),
    ),
    words(
      'blames',
      14,
      blameColor,
      nodes.map((node) => ({ at: [node.at[0], node.at[1] - edgeOf(node) - 11], text: bold(node.blame) })),
    ),
    words(
      'on ways',
      14,
      neutral,
      lines
        .filter(({ color }) => !color)
        .map(({ middle: [x, y], says = '', beside }) => ({ at: [x, y + (beside ? 15 : 8)], text: says })),
    ),
    ...colors.map((color) =>
      words(
        `on ways in ${color}`,
        16,
        color,
        lines
          .filter((one) => one.color === color)
          .map(({ middle: [x, y], says = '' }) => ({ at: [x, y + 9], text: bold(says) })),
      ),
    ),
    words(
      'blames of ways',
      13,
      blameColor,
      lines.map(({ middle: [x, y], blame, beside }) => ({ at: [x, y - (beside ? 16 : 9)], text: bold(blame) })),
    ),
  ];
  /** On a narrow page texts and circles are smaller. */
  const smaller = data.flatMap((trace, i): [number, string, number][] => {
    if ('textfont' in trace) return [[i, 'textfont.size', Math.round(0.65 * (trace.textfont as Font).size)]];
    return trace.name?.startsWith('circles') ? [[i, 'marker.size', Math.round(0.65 * 2 * radius)]] : [];
  });
  const base = baseLayout({ title, legend: [], plotHeight: height, axes: false });
  const bare = { visible: false, fixedrange: true };
  const layout: PlotlyLayout = {
    ...base,
    meta: { ...(base.meta as PlotlyLayout), narrow: { below: 640, traces: smaller } },
    xaxis: { ...bare, range: [0, wide] },
    yaxis: { ...bare, range: [0, height] },
  };
  return new Figure({ data, layout, description: describe(nodes, ways, title) });
}

type Point = readonly [number, number];

/** The ends of an edge, at the borders of its nodes, and the position of its text. */
function between(start: BlameNode, end: BlameNode, along: number) {
  const [dx, dy] = [end.at[0] - start.at[0], end.at[1] - start.at[1]];
  const length = Math.hypot(dx, dy) || 1;
  const off = (node: BlameNode) =>
    node.box
      ? Math.min(halfWidth / Math.max(Math.abs(dx), 1e-9), halfHeight / Math.max(Math.abs(dy), 1e-9))
      : (radius + 4) / length;
  const on = (share: number): Point => [start.at[0] + share * dx, start.at[1] + share * dy];
  // Text leaves a gap of this many pixels to each side: wide for a horizontal line, narrow for a steep one.
  const gap = Math.min(27 / Math.max(Math.abs(dx), 1e-9), 19 / Math.max(Math.abs(dy), 1e-9));
  const middle = on(along);
  return { start: on(off(start)), end: on(1 - off(end)), before: on(along - gap), after: on(along + gap), middle };
}

function strokeOf({
  start,
  end,
  before,
  after,
  says,
  blame,
  beside,
}: { start: Point; end: Point; before: Point; after: Point } & Pick<
  BlameWay,
  'says' | 'blame' | 'beside'
>): (Point | null)[] {
  return (says || blame) && !beside ? [start, before, null, after, end, null] : [start, end, null];
}

interface Font {
  size: number;
}

function describe(nodes: readonly BlameNode[], ways: readonly BlameWay[], title: string | undefined): string {
  const name = ({ above, text }: BlameNode) => [above, text].filter(Boolean).join(' ') || 'not known yet';
  const plain = (text: string) => text.replaceAll('<br>', ' ');
  const values = nodes.map((node) => `${name(node)}${node.blame ? `, blame ${node.blame}` : ''}`);
  const written = ways.flatMap(({ from, to, says, blame }) =>
    says || blame
      ? [
          `${name(nodes[from]!)} to ${name(nodes[to]!)}: ${[says, blame && `blame ${blame}`].filter(Boolean).join(', ')}`,
        ]
      : [],
  );
  return plain(`Graph${title ? `: ${title}` : ''}. ${[...values, ...written].join('; ')}.`);
}
