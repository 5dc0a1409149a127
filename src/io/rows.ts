import { placeOf } from '../data/checks';
import { Dataset } from '../data/dataset';
import { describe } from '../describe';
import { IndexError, NotImplementedError, ShapeError } from '../errors';
import { requireSizes } from '../ops/table/arguments';
import type { Dtype } from '../tensor/dtype';
import { formatShape, type Shape } from '../tensor/shape';
import type { Tensor } from '../tensor/tensor';
import { decode, type Layout } from './elements';
import { npyHeaderOf, type ReadOptions, requireReadOptions } from './npy';
import { some } from './npz';
import { readPlace } from './safetensors';
import { type Place, readHeader } from './safetensors-header';
import { type OpenFile, open, part } from './source';

/** A table in a file, row by row. */
interface Table extends Layout {
  /** The offset of the first row. */
  readonly from: number;
}

/**
 * The rows of an array in a file, read on demand (`numpy.load(file, mmap_mode='r')` in Python): in Node only their
 * bytes, in a page from the file's bytes in memory. Made by {@link openNpy} and {@link SafetensorsFile}; a `DataLoader`
 * accepts it, in any order.
 */
export class FileRows extends Dataset<Tensor> {
  /** Sizes of the whole array, its rows first. */
  readonly shape: Shape;
  /** Dtype of the elements. */
  readonly dtype: Dtype;

  /** @internal */
  constructor(
    private readonly where: string,
    private readonly file: OpenFile,
    private readonly table: Table,
    private readonly options: ReadOptions,
  ) {
    super();
    this.shape = table.shape;
    this.dtype = options.dtype ?? table.kind.dtype;
    if (this.shape.length === 0) throw new ShapeError(`${where}: it is a single number, without rows`);
  }

  /** Number of rows. */
  override get length(): number {
    return this.shape[0];
  }

  /**
   * Returns row `index`, with one dimension less. @throws {IndexError} if it does not exist; {@link GradlabError} if it
   * cannot be read.
   */
  override at(index: number): Tensor {
    const row = placeOf('FileRows', index, this.length);
    return this.read(row, row + 1, this.shape.slice(1));
  }

  /**
   * Reads the rows from `from` to `to` - 1 at once.
   * @throws {IndexError} if they do not exist; {@link GradlabError} if they cannot be read.
   */
  rows(from: number, to: number = this.length): Tensor {
    requireSizes('FileRows: rows', { from, to }, 0);
    if (from > to || to > this.length)
      throw new IndexError(`FileRows: there are no rows ${from} to ${to}; there are ${this.length}, numbered from 0`);
    return this.read(from, to, [to - from, ...this.shape.slice(1)]);
  }

  /** Releases the file; garbage collection does it otherwise. */
  close(): void {
    this.file.close();
  }

  private read(from: number, to: number, shape: Shape): Tensor {
    const { kind, from: start } = this.table;
    const size = kind.bytes * this.shape.slice(1).reduce((product, n) => product * n, 1);
    const where = `${this.where}: rows ${from} to ${to}`;
    const bytes = part(where, this.file, start + from * size, start + to * size, 'their numbers');
    return decode(where, { ...this.table, shape }, bytes, this.options.dtype);
  }
}

/** Closes the file if `make` throws. */
function made<T>(file: OpenFile, make: () => T): T {
  try {
    return make();
  } catch (error) {
    file.close();
    throw error;
  }
}

/**
 * Opens an npy file as a dataset of its rows, which are read on demand (`numpy.load(file, mmap_mode='r')` in Python).
 *
 * @param file its path, relative to the notebook's folder, or its address, https://…
 * @example
 * await io.saveNpy('images.npy', arange(12).view(4, 3));
 * const images = await io.openNpy('images.npy');
 * images.at(-1) // tensor([ 9, 10, 11])
 * images.rows(1, 3).shape // [2, 3]
 * @throws {NotImplementedError} for an array in Fortran order; otherwise as {@link loadNpy}.
 */
export async function openNpy(file: string, options: ReadOptions = {}): Promise<FileRows> {
  requireReadOptions('openNpy', options);
  const opened = await open('openNpy', file);
  const where = `openNpy: ${file}`;
  return made(opened, () => {
    const { start: from, isFortran, ...table } = npyHeaderOf(where, opened);
    if (isFortran && table.shape.length > 1)
      throw new NotImplementedError(
        `${where}: it is stored column by column, so its rows are not contiguous; in Python, save numpy.ascontiguousarray(array), or read all of it with loadNpy`,
      );
    return new FileRows(where, opened, { ...table, from }, options);
  });
}

/** A safetensors file whose tensors are read on demand (`safetensors.safe_open`); made by {@link openSafetensors}. */
export class SafetensorsFile {
  /** The strings in its header. */
  readonly metadata: Readonly<Record<string, string>>;
  /** The names of its tensors. */
  readonly names: readonly string[];
  private readonly places: ReadonlyMap<string, Place>;

  /** @internal */
  constructor(
    private readonly where: string,
    private readonly file: OpenFile,
  ) {
    const { metadata, places } = readHeader(where, file);
    this.metadata = metadata;
    this.places = places;
    this.names = [...places.keys()];
  }

  /** Sizes of a tensor's dimensions. @throws {ValueError} for an unknown name. */
  shape(name: string): Shape {
    return this.place(name).shape;
  }

  /** Reads a tensor. @throws {ValueError} for an unknown name; otherwise as {@link loadSafetensors}. */
  tensor(name: string, options: ReadOptions = {}): Tensor {
    requireReadOptions('tensor', options);
    return readPlace(`${this.where}: ${name}`, this.file, this.place(name), options);
  }

  /**
   * Returns the rows of a tensor as a dataset. @throws {ValueError} for an unknown name; {@link ShapeError} for a
   * tensor without dimensions.
   */
  rows(name: string, options: ReadOptions = {}): FileRows {
    requireReadOptions('rows', options);
    return new FileRows(`${this.where}: ${name}`, this.file, this.place(name), options);
  }

  /** Releases the file, for its datasets as well; garbage collection does it otherwise. */
  close(): void {
    this.file.close();
  }

  /** Returns the display at the end of a cell: tensors and metadata. */
  toString(): string {
    const tensors = [...this.places].map(
      ([name, { kind, shape }]) => `  ${name}: ${kind.name} ${formatShape(shape)}\n`,
    );
    const texts = Object.keys(this.metadata).map((name) => `  metadata ${describe(name)}\n`);
    return `SafetensorsFile(\n${[...tensors, ...texts].join('')})`;
  }

  /** The text for Node's `console.log` and stock tslab. @internal */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }

  /** The display at the end of a cell. @internal */
  [Symbol.for('Jupyter.display')](): { 'text/plain': string } {
    return { 'text/plain': this.toString() };
  }

  private place(name: string): Place {
    return some(this.where, this.places, [name])[0][1];
  }
}

/**
 * Opens a safetensors file (`safetensors.safe_open`): its header is read and checked now, its tensors on demand.
 *
 * @param file its path, relative to the notebook's folder, or its address, https://…
 * @example
 * await io.saveSafetensors('set.safetensors', { x: rand([4, 3]), y: arange(4) }, { metadata: { source: 'rand' } });
 * const file = await io.openSafetensors('set.safetensors');
 * file.metadata // { source: 'rand' }
 * const items = new data.StackDataset(file.rows('x'), file.rows('y'));
 * items.at(2)[1] // tensor(2)
 * @throws {FormatError} as {@link loadSafetensors}; {@link GradlabError} if the file does not exist.
 */
export async function openSafetensors(file: string): Promise<SafetensorsFile> {
  const opened = await open('openSafetensors', file);
  return made(opened, () => new SafetensorsFile(`openSafetensors: ${file}`, opened));
}
