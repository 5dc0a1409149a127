import type { NumberMatrix } from '../../../display';
import { PlotError } from '../../../errors';
import { Figure, type PlotlyLayout, type PlotlyTrace } from '../../plot/figure';
import { readCells } from '../../plot/heatmap';
import { cellMark } from '../../plot/marks';
import { base64 } from '../../plot/png';
import { axis, baseLayout, colorBar, lossScale, palette } from '../../plot/theme';

/** Rows that belong together. */
export interface RowGroup {
  name: string;
  /** Its number of rows. */
  rows: number;
}

/** Options of {@link raster}. */
export interface RasterOptions {
  /** Groups of rows, from the top, with a gap between them. Default: one without a name. */
  rowGroups?: readonly RowGroup[];
  /** The line above the figure. Default: none. */
  title?: string;
  /** The name of the horizontal axis. Default: “step”. */
  xLabel?: string;
  /** The name of a row, in hover texts and on the axis of a single group without a name. Default: “unit”. */
  rowLabel?: string;
  /** The name of the shares, on the colour bar. Default: “on for”. */
  zLabel?: string;
  /** Width of the figure in pixels. Default: as wide as the page. */
  width?: number;
  /** Height of the drawing in pixels. Default: 300. */
  height?: number;
}

/** The byte of NaN, above 100 per cent. */
const gap = 101;

/**
 * Shares from 0 to 1 as rows of cells over time, row 0 on top. Exactly 0 is orange, more is pale to blue, and NaN is transparent. For a
 * net's units over training steps, orange is dead. Cells are stored in whole per cent, a byte each; a value above 0 never becomes 0.
 * @throws {PlotError} if the rows differ in length, a number is not from 0 to 1, or the groups do not add up to the rows.
 */
export function raster(matrix: NumberMatrix, options: RasterOptions = {}): Figure {
  const { title, xLabel = 'step', rowLabel = 'unit', zLabel = 'on for', height = 300 } = options;
  const { z } = readCells({ z: matrix }, 'raster');
  const { rowGroups = [{ name: '', rows: z.length }] } = options;
  check(z, rowGroups);
  const columns = z[0]!.length;
  const bytes: number[] = [];
  const names: string[] = [];
  const middles: string[] = [];
  let row = 0;
  for (const [i, group] of rowGroups.entries()) {
    if (i > 0) {
      bytes.push(...Array<number>(columns).fill(gap));
      names.push(' '.repeat(i));
    }
    for (let k = 0; k < group.rows; k++, row++) {
      for (const share of z[row]!) bytes.push(Number.isNaN(share) ? gap : Math.ceil(100 * share - 1e-9 * (1 - share)));
      names.push([group.name, `${rowLabel} ${k + 1}`].filter(Boolean).join(', '));
    }
    middles.push(names.at(-1 - Math.floor(group.rows / 2))!);
  }
  const named = rowGroups.flatMap(({ name }, i): [string, string][] => (name ? [[name, middles[i]!]] : []));
  const at = (percent: number) => percent / gap;
  const trace: PlotlyTrace = cellMark({
    name: zLabel,
    y: names,
    z: { dtype: 'u1', bdata: base64(bytes), shape: `${names.length}, ${columns}` },
    zmin: 0,
    zmax: gap,
    colorscale: [
      [0, palette[0]!],
      [at(0.5), palette[0]!],
      [at(0.5), lossScale[0]![1]],
      [at(100.5), lossScale[3]![1]],
      [at(100.5), 'rgba(0, 0, 0, 0)'],
      [1, 'rgba(0, 0, 0, 0)'],
    ],
    colorbar: { ...colorBar(zLabel), tickvals: [0, 50, 100], ticktext: ['0', '50 %', '100 %'] },
    hover: `%{y}<br>${xLabel} %{x}<br>${zLabel} %{z} %<extra></extra>`,
  });
  const layout: PlotlyLayout = {
    ...baseLayout({ title, legend: [], width: options.width, plotHeight: height, axes: true, colorBar: true }),
    xaxis: { ...axis(xLabel), showgrid: false },
    yaxis: {
      ...axis(named.length > 0 ? '' : rowLabel),
      type: 'category',
      showgrid: false,
      autorange: 'reversed',
      automargin: true,
      tickvals: named.map(([, middle]) => middle),
      ticktext: named.map(([name]) => name),
    },
  };
  const last = z.map((shares) => shares.at(-1));
  let first = 0;
  const words = rowGroups.map(({ name, rows }) => {
    const zeros = last.slice(first, first + rows).filter((share) => share === 0).length;
    first += rows;
    return `${name ? `${name}: ` : ''}${zeros} of ${rows} rows end at 0`;
  });
  const description = `Raster${title ? `: ${title}` : ''}. ${columns} columns of ${xLabel}; ${words.join('; ')}.`;
  return new Figure({ data: [trace], layout, description });
}

function check(z: readonly number[][], groups: readonly RowGroup[]): void {
  for (const [i, row] of z.entries()) {
    const wrong = row.find((share) => share < 0 || share > 1);
    if (wrong !== undefined) throw new PlotError(`raster: shares must be from 0 to 1, row ${i} has ${wrong}`);
  }
  const sizes = groups.map(({ rows }) => rows);
  const sum = sizes.reduce((a, b) => a + b, 0);
  if (sum !== z.length || !sizes.every((rows) => Number.isInteger(rows) && rows > 0))
    throw new PlotError(`raster: there are ${z.length} rows, rowGroups have ${sizes.join(' + ')}`);
}
