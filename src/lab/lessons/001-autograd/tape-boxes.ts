import { PlotError } from '../../../errors';
import { Figure, type PlotlyLayout } from '../../plot';
import { mark, orNowhere, rectangles } from '../../plot/marks';
import { baseLayout, ink, neutral, palette } from '../../plot/theme';

/** A value of the tape: a leaf, or an operation with its result. */
export interface TapeBox {
  /** The text of its first line, such as `'p · q'`. */
  name: string;
  /** Column and row; rows go up. */
  at: readonly [number, number];
  /** Its value. Default: not known yet, and empty. */
  value?: string;
  /** The value saved for the backward pass. Default: no line for that. */
  keeps?: string;
  /** The gradient that has arrived at it. Default: none yet. */
  gradient?: string;
}

/** An edge between two boxes, by their indices in the list. */
export interface TapeArrow {
  /** The box whose value is used. */
  from: number;
  /** The box that uses it. */
  to: number;
  /** Whether it is highlighted. Default: false. */
  lit?: boolean;
  /** The text at its middle while it is highlighted. Default: none. */
  says?: string;
}

/** Options of {@link tapeBoxes}. */
export interface TapeBoxesOptions {
  /** Whether highlighted arrows point backwards, to the operands. Default: false. */
  back?: boolean;
  /** The line above the figure. Default: none. */
  title?: string;
  /** Height of the drawing in pixels. Default: 340. */
  height?: number;
}

const [halfWidth, halfHeight] = [0.34, 0.36];
const keptColor = '#F3E3B8';
const gradientColor = palette[0]!;

/**
 * A tape as large boxes from left to right: name, value and saved values of each, and below it the gradient.
 * @example
 * tapeBoxes([{ name: 'x', at: [0, 0], value: '3' }, { name: 'x²', at: [1, 0], value: '9', keeps: 'x = 3' }], [{ from: 0, to: 1 }])
 * @throws {PlotError} if there is no box, or an arrow leads to none.
 */
export function tapeBoxes(
  boxes: readonly TapeBox[],
  arrows: readonly TapeArrow[],
  options: TapeBoxesOptions = {},
): Figure {
  const { back = false, title, height = 340 } = options;
  if (boxes.length === 0) throw new PlotError('tapeBoxes: expected at least one box');
  const ends = arrows.map((arrow) => ({ ...arrow, start: boxes[arrow.from], end: boxes[arrow.to] }));
  const ways = ends.map(({ start, end, from, to, lit = false, says = '' }) => {
    if (!start || !end) throw new PlotError(`tapeBoxes: no box ${start ? to : from}, there are ${boxes.length}`);
    const a = [start.at[0] + halfWidth, start.at[1]] as const;
    const b = [end.at[0] - halfWidth, end.at[1] + 0.5 * halfHeight * Math.sign(start.at[1] - end.at[1])] as const;
    return { from: back ? b : a, to: back ? a : b, lit, says };
  });
  const lit = ways.filter((way) => way.lit);
  const columns = boxes.map(({ at }) => at[0]);
  const rows = boxes.map(({ at }) => at[1]);
  const [first, last] = [Math.min(...columns) - 0.5, Math.max(...columns) + 0.5];
  const [low, high] = [Math.min(...rows) - 0.68, Math.max(...rows) + 0.42];

  /** Plotly's frames need the same attributes, so an empty trace has one point outside. */
  const areas = (name: string, list: readonly TapeBox[], bottom: number, top: number, fillcolor: string) =>
    mark({
      name,
      ...rectangles(
        list.map(({ at: [x, y] }) => ({ left: x - halfWidth, right: x + halfWidth, bottom: y + bottom, top: y + top })),
      ),
      line: { color: neutral, width: 1.5 },
      fill: 'toself',
      fillcolor,
    });
  const words = (name: string, up: number, size: number, color: string, write: (box: TapeBox) => string) =>
    mark({
      name,
      cliponaxis: false,
      x: columns,
      y: rows.map((y) => y + up),
      text: boxes.map((box) => write(box) || ' '),
      textfont: { size, color },
    });
  const bold = (text: string | undefined) => (text ? `<b>${text}</b>` : '');
  const litColor = back ? gradientColor : ink;
  const middle = ({ from, to }: (typeof ways)[number]) => [(from[0] + to[0]) / 2, (from[1] + to[1]) / 2] as const;
  const data = [
    areas('boxes', boxes, -halfHeight, halfHeight, 'rgba(0,0,0,0)'),
    areas(
      'kept',
      boxes.filter(({ keeps }) => keeps),
      -halfHeight,
      -halfHeight + 0.22,
      keptColor,
    ),
    mark({
      name: 'ways',
      x: orNowhere(ways.flatMap(({ from, to }) => [from[0], to[0], null])),
      y: orNowhere(ways.flatMap(({ from, to }) => [from[1], to[1], null])),
      line: { color: neutral, width: 1.5 },
    }),
    mark({
      name: 'walked now',
      cliponaxis: false,
      x: orNowhere(lit.flatMap(({ from, to }) => [from[0], to[0], null])),
      y: orNowhere(lit.flatMap(({ from, to }) => [from[1], to[1], null])),
      line: { color: litColor, width: 4 },
      marker: {
        color: litColor,
        symbol: 'arrow',
        angleref: 'previous',
        opacity: 1,
        size: orNowhere(lit.flatMap(() => [0, 18, 0])).map((size) => size ?? 0),
      },
    }),
    words('names', 0.25, 15, ink, ({ name }) => name),
    words('values', 0.03, 22, ink, ({ value }) => bold(value)),
    words('keeps', -halfHeight + 0.11, 14, '#3B2F00', ({ keeps }) => keeps ?? ''),
    words('gradients', -halfHeight - 0.14, 18, gradientColor, ({ gradient }) => bold(gradient && `∇ ${gradient}`)),
    mark({
      name: 'sent',
      x: orNowhere(lit.map((way) => middle(way)[0])),
      y: orNowhere(lit.map((way) => middle(way)[1] + 0.16)),
      text: orNowhere(lit.map(({ says }) => bold(says) || ' ')),
      textfont: { size: 15, color: litColor },
    }),
  ];
  const smaller = data.flatMap((trace, i) =>
    'textfont' in trace ? [[i, 'textfont.size', Math.round(0.7 * (trace.textfont as Font).size)] as const] : [],
  );
  const base = baseLayout({ title, legend: [], plotHeight: height, axes: false });
  const bare = { visible: false, fixedrange: true };
  const layout: PlotlyLayout = {
    ...base,
    meta: { ...(base.meta as PlotlyLayout), narrow: { below: Math.round((last - first) * 190), traces: smaller } },
    xaxis: { ...bare, range: [first, last] },
    yaxis: { ...bare, range: [low, high] },
  };
  return new Figure({ data, layout, description: describe(boxes, lit, title) });
}

interface Font {
  size: number;
}

function describe(boxes: readonly TapeBox[], lit: readonly { says: string }[], title: string | undefined): string {
  const parts = boxes.map(({ name, value, keeps, gradient }) =>
    [
      `${name}${value ? ` is ${value}` : ''}`,
      ...(keeps ? [keeps] : []),
      ...(gradient ? [`slope ${gradient}`] : []),
    ].join(', '),
  );
  const sent = lit.flatMap(({ says }) => (says ? [says] : []));
  return `Tape${title ? `: ${title}` : ''}. ${parts.join('; ')}.${sent.length ? ` Sent now: ${sent.join('; ')}.` : ''}`;
}
