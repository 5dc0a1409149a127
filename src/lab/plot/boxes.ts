/** Matrices drawn as boxes of coloured cells on one plane, whose unit is a cell; rows go down. */
import { formatNumber, roundTo } from '../../display';
import type { PlotlyTrace } from './figure';
import { extent } from './input';
import { cellMark, mark, orNowhere, rectangles } from './marks';
import { divergingScale, neutral, palette } from './theme';

const digits = [...'⁰¹²³⁴⁵⁶⁷⁸⁹'];
/** Returns a layer's number as a superscript after the name of its matrices. */
export const superscript = (l: number): string => [...String(l)].map((digit) => digits[Number(digit)]).join('');

/** A matrix and its position. */
export interface Box {
  name: string;
  /** Rows of numbers; NaN is not known yet, and empty. */
  rows: readonly (readonly number[])[];
  /** The text below, usually its size. */
  below: string;
  /** Its left and upper edge, in cells. */
  left: number;
  top: number;
}

export const widthOf = ({ rows }: Pick<Box, 'rows'>): number => rows[0]!.length;
export const heightOf = ({ rows }: Pick<Box, 'rows'>): number => rows.length;

/** The largest magnitude of the known numbers, 1 if all are 0. */
export const mostOf = (boxes: readonly Pick<Box, 'rows'>[]): number => {
  const [low, high] = extent(boxes.flatMap(({ rows }) => rows.flat().filter(Number.isFinite)));
  const most = Math.max(-low, high);
  return most > 0 && Number.isFinite(most) ? most : 1;
};

/** Colours and texts of a matrix's cells. */
export interface CellStyle {
  /** The magnitude of numbers with the full colour. */
  most: number;
  /** Returns the text of a cell; `undefined` for no texts. */
  write: ((value: number) => string) | undefined;
  /** Whether it is hidden. Default: false; true if no number is known. */
  hidden?: boolean;
}

/** The cells of one matrix, from blue over white at 0 to orange. */
export function cellsOf(box: Box, { most, write, hidden = false }: CellStyle): PlotlyTrace {
  const { name, left, top } = box;
  const isEmpty = !box.rows.flat().some(Number.isFinite);
  // Plotly ignores a trace without any number.
  const rows = isEmpty ? box.rows.map((row) => row.map(() => 0)) : box.rows;
  const unseen = hidden || isEmpty;
  return cellMark({
    name,
    x: rows[0]!.map((_, k) => roundTo(left + k + 0.5)),
    y: rows.map((_, i) => roundTo(top + i + 0.5)),
    z: rows.map((row) => row.map((value) => (Number.isFinite(value) ? Number(value.toPrecision(4)) : null))),
    zmin: -rounded(most),
    zmax: rounded(most),
    colorscale: divergingScale,
    gap: 1,
    opacity: unseen ? 0 : 1,
    ...(write &&
      !isEmpty && {
        text: rows.map((row) => row.map((value) => (Number.isFinite(value) ? write(value) : ''))),
        texttemplate: '%{text}',
        textfont: { size: 11 },
      }),
    ...(!unseen && { hover: `${name}: %{z}<extra></extra>` }),
  });
}

const rounded = (value: number) => Number(value.toPrecision(4));

interface Line {
  color: string;
  width: number;
  dash?: string;
}

/** Borders of boxes, drawn `aside` of them. */
export function borders(boxes: readonly Box[], line: Line, aside = 0): PlotlyTrace {
  const sides = boxes.map((box) => ({
    left: roundTo(box.left - aside),
    right: roundTo(box.left + widthOf(box) + aside),
    bottom: roundTo(box.top - aside),
    top: roundTo(box.top + heightOf(box) + aside),
  }));
  return mark({ name: 'border', ...rectangles(sides), line });
}

/** Thin borders of boxes without highlight. */
export const thin: Line = { color: neutral, width: 1 };
/** Borders of operands and of the result. */
export const taken: Line = { color: palette[1]!, width: 3 };
export const given: Line = { color: palette[0]!, width: 4 };

/** Texts on the plane. */
export function words(
  name: string,
  list: readonly { text: string; x: number; y: number }[],
  size: number,
  position: string,
): PlotlyTrace {
  return mark({
    name,
    x: orNowhere(list.map(({ x }) => roundTo(x))),
    y: orNowhere(list.map(({ y }) => roundTo(y))),
    text: list.map(({ text }) => text),
    textposition: position,
    textfont: { size },
    cliponaxis: false,
  });
}

/** The names above boxes and the texts below them. */
export const namesOf = (boxes: readonly Box[]): PlotlyTrace[] => [
  words(
    'names',
    boxes.map((box) => ({ text: `<b>${box.name}</b>`, x: box.left + widthOf(box) / 2, y: box.top - 0.25 })),
    14,
    'top center',
  ),
  words(
    'sizes',
    boxes.map((box) => ({ text: box.below, x: box.left + widthOf(box) / 2, y: box.top + heightOf(box) + 0.25 })),
    11,
    'bottom center',
  ),
];

/** The description of a matrix: all numbers if there are few cells. */
export function inWords({ name, rows }: Pick<Box, 'name' | 'rows'>): string {
  const known = rows.flat().filter(Number.isFinite);
  const size = `${name} (${rows.length} × ${rows[0]!.length})`;
  if (!known.length) return `${size} is empty`;
  if (rows.flat().length > 12) {
    const [low, high] = extent(known);
    return `${size} from ${formatNumber(low, 3)} to ${formatNumber(high, 3)}`;
  }
  const number = (value: number) => (Number.isFinite(value) ? formatNumber(value, 3) : '?');
  return `${size}: ${rows.map((row) => row.map(number).join(', ')).join('; ')}`;
}
