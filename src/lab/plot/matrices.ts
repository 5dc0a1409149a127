import type { NumberMatrix } from '../../display';
import { PlotError } from '../../errors';
import { type Box, borders, cellsOf, heightOf, inWords, mostOf, namesOf, taken, thin, widthOf, words } from './boxes';
import { Figure, type PlotlyLayout, type PlotlyTrace } from './figure';
import { readCells } from './heatmap';
import { baseLayout, printed } from './theme';

/** Options of {@link matrices}. */
export interface MatricesOptions {
  /** The text above each matrix. Default: none. */
  names?: readonly string[];
  /** Whether only signs are drawn: plus, minus or 0. Default: false. */
  signs?: boolean;
  /**
   * Whether all matrices have one colour scale, so that equal numbers have equal colours, or each has its own, up to
   * its largest number; or the magnitude with the full colour, to compare several figures. Default: `'common'`.
   */
  scale?: 'common' | 'own' | number;
  /** The text between two matrices, such as `['⊙', '=']`. Default: none. */
  between?: readonly string[];
  /** The indices of matrices, or rows or columns as `[matrix, 'row' | 'column', index]`, that have a border. */
  framed?: readonly (number | readonly [matrix: number, along: 'row' | 'column', index: number])[];
  /** Whether cells show their numbers. Default: true for up to 150 cells in up to 24 columns. */
  annotate?: boolean;
  /** The line above the figure. Default: none. */
  title?: string;
  /** Width of the figure in pixels. Default: as wide as the page. */
  width?: number;
  /** Height of the drawing in pixels. Default: 26 for each row. */
  height?: number;
}

/**
 * Small matrices side by side, in colours from blue over white at 0 to orange, with their shapes. Elements that are not
 * finite are empty, so that under `plot.slider` matrices can appear one after the other. `[[NaN]]` means no matrix:
 * without shape and border.
 *
 * @example
 * const [I, F] = [tensor([[1, 2], [3, 4], [5, 6]]), tensor([[0.1], [-0.2], [0.3]])];
 * plot.matrices([I.t(), F, I.t().matmul(F)], { names: ['Iᵀ', 'F', '∇W'], between: ['·', '='], scale: 'own' })
 * @throws {PlotError} if there are no matrices, rows differ in length, names, signs between or borders do not fit, or `scale` is
 *   a number that is not above 0.
 */
export function matrices(list: readonly NumberMatrix[], options: MatricesOptions = {}): Figure {
  const { names = [], between = [], framed = [], signs = false, scale = 'common', title } = options;
  const rows = list.map((matrix, i) => readCells({ z: matrix }, `matrices: number ${i}`).z);
  if (!rows.length) throw new PlotError('matrices: expected at least one matrix, got none');
  if (options.names && names.length !== list.length) {
    throw new PlotError(`matrices: names has ${names.length} entries for ${list.length} matrices`);
  }
  if (options.between && between.length !== list.length - 1) {
    throw new PlotError(`matrices: between has ${between.length} entries for ${list.length - 1} places`);
  }
  if (typeof scale === 'number' && !(scale > 0 && Number.isFinite(scale))) {
    throw new PlotError(`matrices: scale must be 'common', 'own' or a finite number above 0, got ${scale}`);
  }
  const tallest = Math.max(...rows.map((one) => one.length));
  let left = 0;
  const boxes = rows.map((one, i): Box => {
    const box = {
      name: names[i] ?? '',
      rows: signs ? one.map((row) => row.map(Math.sign)) : one,
      below: isNone(one) ? '' : `${one.length} × ${one[0]!.length}`,
      left,
      top: (tallest - one.length) / 2,
    };
    left += one[0]!.length + gap;
    return box;
  });
  const cells = boxes.reduce((sum, box) => sum + heightOf(box) * widthOf(box), 0);
  const annotate = options.annotate ?? (cells <= 150 && left <= 24 + gap * boxes.length);
  const write = signs ? signOf : annotate ? (value: number) => printed(value, 2) : undefined;
  const all = typeof scale === 'number' ? scale : mostOf(boxes);
  const data = [
    ...boxes.map((box) => cellsOf(box, { most: scale === 'own' ? mostOf([box]) : all, write })),
    borders(
      boxes.filter(({ rows }) => !isNone(rows)),
      thin,
    ),
    borders(
      framed.map((one) => partOf(boxes, one)),
      taken,
      0.06,
    ),
    ...namesOf(boxes),
    words(
      'between',
      between.map((text, i) => ({ text: `<b>${text}</b>`, x: boxes[i + 1]!.left - gap / 2, y: tallest / 2 })),
      16,
      'middle center',
    ),
  ];
  const plotHeight = options.height ?? 26 * tallest + room;
  const unit = (plotHeight - room) / tallest;
  const base = baseLayout({ title, legend: [], width: options.width, plotHeight, axes: false });
  const layout = {
    ...base,
    meta: { ...(base.meta as PlotlyLayout), narrow: withoutNumbersBelow(left, data) },
    xaxis: { visible: false, range: [-gap / 2, left - gap / 2] },
    yaxis: { visible: false, range: [tallest + room / 2 / unit, -room / 2 / unit] },
  };
  const description = `Matrices${title ? `: ${title}` : ''}. ${boxes.map(inWords).join('. ')}.`;
  return new Figure({ data, layout, description });
}

/** If adjacent numbers would touch, only colours show them; names shrink. */
function withoutNumbersBelow(columns: number, data: readonly PlotlyTrace[]): PlotlyLayout {
  const texts = data.flatMap(({ type, text }) => (type === 'heatmap' && Array.isArray(text) ? text.flat() : []));
  const longest = texts.reduce((most: number, text) => Math.max(most, String(text).length), 0);
  return {
    below: Math.round(columns * (7 * longest + 2)),
    traces: data.flatMap(({ type, text, name, mode }, i) => {
      if (type === 'heatmap') return text === undefined ? [] : [[i, 'textfont.color', 'rgba(0, 0, 0, 0)']];
      return mode === 'text' && name === 'names' ? [[i, 'textfont.size', 11]] : [];
    }),
  };
}

const isNone = (rows: readonly (readonly number[])[]) =>
  rows.length === 1 && rows[0]!.length === 1 && !Number.isFinite(rows[0]![0]);

/** Cells between two matrices. */
const gap = 1.6;
/** Pixels for the names above and the sizes below. */
const room = 48;

const signOf = (value: number) => (value > 0 ? '+' : value < 0 ? '−' : '0');

/** A matrix, or one of its rows or columns, as a box. */
function partOf(boxes: readonly Box[], what: NonNullable<MatricesOptions['framed']>[number]): Box {
  const [matrix, along, index] = typeof what === 'number' ? [what] : what;
  const box = boxes[matrix];
  if (!box) throw new PlotError(`matrices: framed names matrix ${matrix}, there are ${boxes.length}`);
  if (along === undefined) return box;
  const most = along === 'row' ? heightOf(box) : widthOf(box);
  if (!(Number.isInteger(index) && index! >= 0 && index! < most)) {
    throw new PlotError(`matrices: framed names ${along} ${index} of matrix ${matrix}, which has ${most}`);
  }
  return along === 'row'
    ? { ...box, top: box.top + index!, rows: [box.rows[index!]!] }
    : { ...box, left: box.left + index!, rows: box.rows.map((row) => [row[index!]!]) };
}
