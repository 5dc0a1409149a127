import { joined } from '../bytes';
import { describe } from '../describe';
import { progress } from '../display';
import { GradlabError, ValueError } from '../errors';
import { requireBooleans, requireSizes } from '../ops/table/arguments';
import {
  adviceOnData,
  dataFolders,
  fetched,
  gunzip,
  inFolder,
  readBytes,
  samplePictures,
  sha256,
  writeWhole,
} from '../platform';
import type { Answer } from '../platform/fetching';
import { fresh, type Tensor } from '../tensor/tensor';
import { reasonOf } from './files';
import { withShapes } from './with-shapes';

/** Options of {@link fashionMnist}. */
export interface FashionMnistOptions {
  /**
   * Which pictures: 60,000 for training, 10,000 others for testing, or the 200 test pictures that come with gradlab. Default:
   * `'train'`.
   */
  split?: 'train' | 'test' | 'sample';
  /** How many pictures, from the first. Default: all. */
  limit?: number;
  /**
   * The folder with the four files; in a page its address. Default: gradlab's cache, then the folder of Debian's package; on a
   * static site the site's own files, then the notebook's folder.
   */
  root?: string;
  /**
   * Whether to download missing or damaged files into `root` or gradlab's cache: 26 MB for training, 4 MB for testing. A string
   * is the address of another folder with the files. Default: `false`.
   */
  download?: boolean | string;
}

/** Pictures with their classes. */
export interface LabelledImages {
  /** The pictures, `[n, height, width]`, float32 from 0 (black) to 1 (white). */
  x: Tensor;
  /** The numbers of their classes, `[n]`, int32. */
  y: Tensor;
  /** The names of the classes. */
  classes: readonly string[];
}

const classes: readonly string[] = [
  'T-shirt/top',
  'Trouser',
  'Pullover',
  'Dress',
  'Coat',
  'Sandal',
  'Shirt',
  'Sneaker',
  'Bag',
  'Ankle boot',
];

/** The SHA-256 digests of the decompressed files: copies differ in their compression. */
const files = {
  train: [
    ['train-images-idx3-ubyte.gz', 'c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888'],
    ['train-labels-idx1-ubyte.gz', 'bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9'],
  ],
  test: [
    ['t10k-images-idx3-ubyte.gz', '5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b'],
    ['t10k-labels-idx1-ubyte.gz', '0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34'],
  ],
} as const;

/** The repository of the data set's authors; and its server that lets pages of other sites download. */
const repository = 'https://github.com/zalandoresearch/fashion-mnist/tree/master/data/fashion';
const official = 'https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion';

/**
 * Fashion-MNIST, pictures of ten kinds of garments, 28 × 28 pixels (`torchvision.datasets.FashionMNIST`). The files come from a
 * folder, gradlab's cache (`.gradlab/data/fashion-mnist`), Debian's package dataset-fashion-mnist, or a download; each is
 * checked by its digest. `split: 'sample'` needs no file: twenty test pictures of each class. The display begins with shapes
 * and dtypes.
 *
 * H. Xiao, K. Rasul, R. Vollgraf, *Fashion-MNIST: a novel image dataset for benchmarking machine learning algorithms*,
 * 2017, arXiv:1708.07747.
 * @example
 * const { x, y, classes } = await data.fashionMnist({ split: 'sample' });
 * x.shape // [200, 28, 28]
 * classes[y.at(0).item()] // 'Ankle boot'
 * @throws {GradlabError} if a file is missing or damaged, is not the expected one, or cannot be downloaded; {@link ValueError}
 * for an unknown split or a limit that is not from 1 to the number of pictures.
 */
export async function fashionMnist(options: FashionMnistOptions = {}): Promise<LabelledImages> {
  const { split = 'train', limit, root, download = false } = options;
  if (!['train', 'test', 'sample'].includes(split))
    throw new ValueError(`fashionMnist: split is ${describe(split)}; it must be 'train', 'test' or 'sample'`);
  if (typeof download !== 'string') requireBooleans('fashionMnist', { download });
  if (limit !== undefined) requireSizes('fashionMnist', { limit });
  const [images, labels] = split === 'sample' ? await readSample() : await readBoth(split, root, download);
  const count = labels!.length - 8;
  const n = limit ?? count;
  if (n > count) throw new ValueError(`fashionMnist: limit is ${n}, but ${split} has ${count} pictures`);
  // After the headers of the IDX format; the digests have checked them.
  const pixels = new Float32Array(images!.subarray(16, 16 + 784 * n));
  for (let i = 0; i < pixels.length; i++) pixels[i]! /= 255;
  const x = fresh(pixels, [n, 28, 28], 'float32');
  return withShapes({ x, y: fresh(new Int32Array(labels!.subarray(8, 8 + n)), [n], 'int32'), classes });
}

async function readSample(): Promise<Uint8Array[]> {
  const sample = samplePictures();
  const packed = await readBytes(sample);
  if (packed === undefined) throw new GradlabError(`fashionMnist: the sample is not there: ${sample}`);
  const both = await gunzip(packed);
  const second = both.length - 208;
  return [both.subarray(0, second), both.subarray(second)];
}

async function readBoth(split: 'train' | 'test', root: string | undefined, from: boolean | string) {
  const [images, labels] = files[split];
  return [await read(images, root, from), await read(labels, root, from)];
}

type File = (typeof files)['train' | 'test'][number];

/** Returns the decompressed content of a file: from one of the folders, or downloaded. */
async function read(file: File, root: string | undefined, from: boolean | string): Promise<Uint8Array> {
  const [name] = file;
  const folders = root === undefined ? dataFolders('fashion-mnist') : [root];
  for (const folder of folders) {
    const place = inFolder(folder, name);
    const packed = await readBytes(place, (answer) => received(answer, name, place));
    if (packed === undefined) continue;
    try {
      return await unpack(
        packed,
        file,
        place,
        'download it again with { download: true }, or put the right file there',
      );
    } catch (error) {
      if (from === false) throw error;
    }
  }
  if (from === false) {
    const both = Object.values(files).find((pair) => pair.some((each) => each === file))!;
    const advice = adviceOnData('fashion-mnist', both.map(([each]) => each).join(' and '), repository);
    throw new GradlabError(
      `fashionMnist: ${name} is in none of the folders ${folders.join(', ')}. Try data.fashionMnist({ download: true }), ` +
        `which gets up to 26 MB, once; or ${advice}. ` +
        "200 pictures are here without them: { split: 'sample' }",
    );
  }
  const address = `${from === true ? official : from.replace(/\/$/, '')}/${name}`;
  const packed = await fetchAll(address, name);
  const content = await unpack(packed, file, address, "try another address that has the files, { download: 'http…' }");
  // Written only after the digest was checked.
  await writeWhole(inFolder(folders[0]!, name), packed);
  return content;
}

/** @throws {GradlabError} unless it decompresses and has the expected digest. */
async function unpack(packed: Uint8Array, [, digest]: File, place: string, remedy: string): Promise<Uint8Array> {
  let content: Uint8Array;
  try {
    content = await gunzip(packed);
  } catch (cause) {
    const size = `${packed.length} bytes`;
    throw new GradlabError(`fashionMnist: ${place} (${size}) is damaged: ${reasonOf(cause)}; ${remedy}`, { cause });
  }
  const found = await sha256(content);
  if (found === digest) return content;
  throw new GradlabError(
    `fashionMnist: ${place} is not the data set's file: unpacked, it should have the SHA-256 digest ${digest.slice(0, 12)}…, ` +
      `and has ${found.slice(0, 12)}…; ${remedy}`,
  );
}

/** Downloads from an address. */
async function fetchAll(address: string, name: string): Promise<Uint8Array> {
  let answer: Answer;
  try {
    answer = await fetched(address);
    if (!answer.ok) throw new Error(`the server answers ${answer.status} ${answer.statusText}`);
  } catch (cause) {
    throw notDownloaded(address, cause);
  }
  return received(answer, name, address);
}

/** The part of a stream that is used here. */
interface Body {
  getReader(): { read(): Promise<{ done: boolean; value?: Uint8Array }>; cancel(): Promise<void> };
}

/** Receives a response with a progress bar. */
async function received(answer: Answer, name: string, address: string): Promise<Uint8Array> {
  // The declared length of a compressed response is that before decompression.
  const isPacked = answer.headers.get('content-encoding') !== null;
  const length = isPacked ? Number.NaN : Number(answer.headers.get('content-length') ?? Number.NaN);
  const count = Number.isFinite(length) ? { total: Math.ceil(length / megabyte) } : {};
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  const megabytes = async function* () {
    const reader = (answer.body as Body).getReader(); // Safari does not iterate over a body
    try {
      for (let { done, value } = await reader.read(); !done; { done, value } = await reader.read()) {
        pieces.push(value!);
        const before = Math.ceil(bytes / megabyte);
        bytes += value!.length;
        for (let i = before; i < Math.ceil(bytes / megabyte); i++) yield i;
      }
    } finally {
      await reader.cancel().catch(() => {});
    }
  };
  try {
    for await (const _ of progress(megabytes(), { description: `${name}, MB`, ...count }));
  } catch (cause) {
    const part = `after ${bytes}${Number.isFinite(length) ? ` of ${length}` : ''} bytes`;
    throw notDownloaded(address, cause, part);
  }
  return joined(pieces);
}

function notDownloaded(address: string, cause: unknown, part = ''): GradlabError {
  const reason = cause instanceof Error ? `${cause.message}${cause.cause ? ` (${cause.cause})` : ''}` : String(cause);
  const broken = part === '' ? '' : `, the connection ended ${part}`;
  return new GradlabError(
    `fashionMnist: ${address} could not be downloaded${broken}: ${reason}; run it again to try once more`,
    { cause },
  );
}

const megabyte = 1e6;
