import { requireOptions } from '../../data/checks';
import { describe } from '../../describe';
import { ValueError } from '../../errors';
import { where } from '../../ops/elementwise/masking';
import type { Generator } from '../../random';
import { rand, randint, randn } from '../../tensor/random-creation';
import type { Tensor } from '../../tensor/tensor';

/** Options of {@link blobs}. */
export interface BlobsOptions {
  /** The number of columns. Default: 2. */
  dims?: number;
  /** The standard deviation of a cluster in each direction. Default: 1. */
  noise?: number;
  /** The fraction of rows whose label is drawn again, from 0 to 1; one of k gets the same label. Default: 0. */
  flip?: number;
  /** The source of random numbers. Default: the default generator. */
  generator?: Generator;
}

/** The result of {@link blobs}. */
export interface Blobs {
  /** The rows, float64 of shape [n, dims]. */
  x: Tensor;
  /** The label of each row, int32 of shape [n], from 0 to k − 1. */
  y: Tensor;
  /** The centre of each row, int32 of shape [n]: the label before some were drawn again. */
  truth: Tensor;
  /** The centres of the clusters, float64 of shape [k, dims]. */
  centres: Tensor;
}

/**
 * Normal clusters around k random centres: x = centre of the row's cluster + noise · ε with ε from N(0, I), the centres
 * from N(0, I), and each row's cluster drawn uniformly. Rows are independent, so the first ones can be training data
 * and the others test data. The draws are: centres, clusters, ε, and for `flip` above 0 the labels to draw again and
 * their new values. (As scikit-learn's `make_blobs`, with the label noise of its `make_classification`.)
 *
 * @example
 * const { x, y, truth, centres } = datasets.blobs(5, 40, { dims: 3, noise: 0 });
 * [x.shape, y.shape] // [[40, 3], [40]]
 * x.sub(centres.indexSelect(0, truth)).abs().max().item() // 0
 * @throws {ValueError} if `k`, `n` or `dims` is not a whole number from 1 on, `noise` is negative, or `flip` is not from 0 to 1.
 */
export function blobs(k: number, n: number, options: BlobsOptions = {}): Blobs {
  requireOptions('blobs', options, ['dims', 'noise', 'flip', 'generator']);
  const { dims = 2, noise = 1, flip = 0, generator } = options;
  for (const [name, value] of Object.entries({ k, n, dims })) {
    if (!Number.isInteger(value) || value < 1)
      throw new ValueError(`blobs: ${name} must be a whole number from 1 on, got ${describe(value)}`);
  }
  if (!(Number.isFinite(noise) && noise >= 0))
    throw new ValueError(`blobs: noise must be 0 or more, got ${describe(noise)}`);
  if (!(flip >= 0 && flip <= 1)) throw new ValueError(`blobs: flip must be from 0 to 1, got ${describe(flip)}`);
  const from = generator && { generator };
  const random = { dtype: 'float64', ...from } as const;
  const centres = randn([k, dims], random);
  const truth = randint(k, [n], from);
  const x = centres.indexSelect(0, truth).add(randn([n, dims], random).mul(noise));
  if (flip === 0) return { x, y: truth, truth, centres };
  const isAnew = rand([n], random).lt(flip);
  return { x, y: where(isAnew, randint(k, [n], from), truth), truth, centres };
}
