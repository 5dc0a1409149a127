import { isTensorLike, type NumberMatrix, type TensorLike, toPlain } from '../../display';
import { PlotError } from '../../errors';
import { Figure, type PlotlyTrace } from './figure';
import { extent } from './input';
import { mark } from './marks';
import { clearPixel, greys, pngOf } from './png';
import { baseLayout } from './theme';

/** Options of {@link images}. */
export interface ImagesOptions {
  /** Number of columns. Default: for a sheet about twice as wide as high, at most 20. */
  columns?: number;
  /** A label below each. Default: none. */
  labels?: readonly string[];
  /** Pixels of the page for each pixel of the pictures. Default: as fills the page's width, at most 3. */
  scale?: number;
  /** The numbers shown as black and as white. Default: the smallest and the largest number of all pictures. */
  range?: readonly [number, number];
  /** The line above the figure. Default: none. */
  title?: string;
}

const pageWidth = 680;
/** Pixels of the pictures between two of them. */
const gap = 2;
/** Pixels of the page for a label. */
const labelHeight = 17;

/**
 * A sheet of small grey pictures of the same size: `[n, height, width]`, or a list of matrices. It is stored in 15
 * greys, half a byte per pixel.
 * @example
 * const { x, y, classes } = await data.fashionMnist({ split: 'sample', limit: 3 });
 * plot.images(x, { labels: (y.tolist() as number[]).map((k) => classes[k]) })
 * @throws {PlotError} if there are none, they differ in size, or options do not fit them.
 */
export function images(pictures: TensorLike | readonly NumberMatrix[], options: ImagesOptions = {}): Figure {
  const all = read(pictures);
  const [height, width] = [all[0]!.length, all[0]![0]!.length];
  const { labels, title, columns = usualColumns(all.length, width / height) } = options;
  if (!Number.isInteger(columns) || columns < 1)
    throw new PlotError(`images: columns must be a whole number above 0, got ${columns}`);
  if (labels && labels.length !== all.length)
    throw new PlotError(`images: there are ${labels.length} labels for ${all.length} pictures`);
  const scale = options.scale ?? Math.min(3, pageWidth / (columns * (width + gap) - gap));
  if (!(scale > 0)) throw new PlotError(`images: scale must be above 0, got ${scale}`);
  const [black, white] = options.range ?? limits(all);
  if (!(white > black)) throw new PlotError(`images: range must rise, got [${black}, ${white}]`);
  const rows = Math.ceil(all.length / columns);
  const pitch = { x: width + gap, y: height + (labels ? Math.ceil(labelHeight / scale) : gap) };
  const size = { x: columns * pitch.x - gap, y: rows * pitch.y - (labels ? 0 : gap) };
  const pixels = new Uint8Array(size.x * size.y).fill(clearPixel);
  const corner = (i: number) => ({ x: (i % columns) * pitch.x, y: Math.floor(i / columns) * pitch.y });
  const level = (value: number) =>
    Math.min(greys - 1, Math.max(0, Math.round(((value - black) / (white - black)) * (greys - 1))));
  all.forEach((picture, i) => {
    const at = corner(i);
    picture.forEach((row, y) => {
      row.forEach((value, x) => {
        pixels[(at.y + y) * size.x + at.x + x] = level(value);
      });
    });
  });
  const data: PlotlyTrace[] = [{ type: 'image', source: pngOf(pixels, size.x, size.y), hoverinfo: 'skip' }];
  if (labels)
    data.push(
      mark({
        x: all.map((_, i) => corner(i).x + width / 2 - 0.5),
        y: all.map((_, i) => corner(i).y + height - 0.5 + labelHeight / scale / 2),
        text: [...labels],
        textfont: { size: 11 },
      }),
    );
  const axis = { visible: false, fixedrange: true, constrain: 'domain' };
  const base = baseLayout({ title, legend: [], plotHeight: Math.ceil(size.y * scale), axes: false });
  const layout = {
    ...base,
    meta: { ...(base.meta as object), colourless: true },
    xaxis: { ...axis, range: [-0.5, size.x - 0.5] },
    yaxis: { ...axis, range: [size.y - 0.5, -0.5], scaleanchor: 'x' },
  };
  const words = labels ? `: ${labels.join(', ')}` : '';
  const description = `Pictures${title ? `: ${title}` : ''}. ${all.length} of ${width} × ${height} pixels in ${rows} rows${words}.`;
  return new Figure({ data, layout, description });
}

/** The pictures as rows of numbers, all of one size. */
function read(pictures: TensorLike | readonly NumberMatrix[]): number[][][] {
  const expected = 'images: expected a tensor [n, height, width] or a list of matrices';
  if (isTensorLike(pictures) && pictures.shape.length !== 3)
    throw new PlotError(`${expected}, got a tensor of shape [${pictures.shape.join(', ')}]`);
  const all = toPlain(pictures);
  if (!Array.isArray(all) || all.length === 0) throw new PlotError(`${expected}, with at least one picture`);
  const sizeOf = (picture: unknown) => {
    const rows = Array.isArray(picture) ? (picture as unknown[]) : [];
    const widths = new Set(rows.map((row) => (Array.isArray(row) ? row.length : 0)));
    const isMatrix = widths.size === 1 && !widths.has(0);
    return isMatrix ? `${rows.length} × ${[...widths][0]}` : 'no matrix';
  };
  const first = sizeOf(all[0]);
  const other = all.findIndex((picture) => sizeOf(picture) === 'no matrix' || sizeOf(picture) !== first);
  if (other >= 0) throw new PlotError(`${expected}; picture 0 is ${first}, picture ${other} is ${sizeOf(all[other])}`);
  const numbers = (all as number[][][]).every((picture) => picture.every((row) => row.every(Number.isFinite)));
  if (!numbers) throw new PlotError('images: the pictures have an element that is not a finite number');
  return all as number[][][];
}

const usualColumns = (n: number, aspect: number) =>
  Math.min(n, 20, Math.max(1, Math.ceil(Math.sqrt((2 * n) / aspect))));

function limits(all: readonly number[][][]): [number, number] {
  const [low, high] = extent(all.flat(2));
  return low === high ? [low, low + 1] : [low, high];
}
