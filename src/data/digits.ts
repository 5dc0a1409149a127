import { GradlabError } from '../errors';
import { digitsFile, gunzip, readBytes } from '../platform';
import { fresh, type Tensor } from '../tensor/tensor';
import { withShapes } from './with-shapes';

/** Handwritten digits with their classes. */
export interface Digits {
  /** The pictures, a row of 64 pixels each (8 × 8, row by row), `[1797, 64]`, float32 from 0 (paper) to 1 (ink). */
  x: Tensor;
  /** The digits, `[1797]`, int32 from 0 to 9. */
  y: Tensor;
}

const count = 1797;
const pixels = 64;

/**
 * The 1,797 handwritten digits of 8 × 8 pixels of scikit-learn (`sklearn.datasets.load_digits`), in the same order. They come
 * with gradlab and need no download. A pixel is the number of black ones in a square of 4 × 4, 0 to 16, divided by 16. The
 * order is not random: to split the rows, take a permutation first.
 *
 * E. Alpaydin, C. Kaynak, *Optical Recognition of Handwritten Digits*, UCI Machine Learning Repository, 1998, CC BY 4.0,
 * doi:10.24432/C50P49.
 * @returns new tensors at each call
 * @example
 * const { x, y } = await data.digits();
 * x.shape // [1797, 64]
 * y.at(slice(0, 5)).tolist() // [0, 1, 2, 3, 4]
 * @throws {GradlabError} if the file is missing, as it may be in a page.
 */
export async function digits(): Promise<Digits> {
  const file = digitsFile();
  const packed = await readBytes(file);
  if (packed === undefined) throw new GradlabError(`digits: the pictures are not there: ${file}`);
  const bytes = await gunzip(packed);
  // Two files in the IDX format: headers of 16 and 8 bytes, each followed by its numbers.
  const end = 16 + count * pixels;
  const x = new Float32Array(bytes.subarray(16, end));
  for (let i = 0; i < x.length; i++) x[i]! /= 16;
  return withShapes({
    x: fresh(x, [count, pixels], 'float32'),
    y: fresh(new Int32Array(bytes.subarray(end + 8)), [count], 'int32'),
  });
}
