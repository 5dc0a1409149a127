import { noGrad } from '../autograd/mode';
import { describe } from '../describe';
import { IndexError, NotImplementedError, ShapeError, ValueError } from '../errors';
import { joining } from '../ops/joining/cat';
import { qr, solve } from '../ops/linalg';
import { requireOneOf, requireSizes } from '../ops/table/arguments';
import { eye, zeros, zerosLike } from '../tensor/creation';
import { randn } from '../tensor/random-creation';
import { checkDim, formatShape, sameShape } from '../tensor/shape';
import { fresh, Tensor } from '../tensor/tensor';
import { ConvTranspose } from './conv';
import { normalize } from './functional';
import { type AnyModule, Module } from './module';
import { isModule } from './module-tree';
import { Buffer } from './parameter';
import { registerParametrization } from './parametrize';

/** The norm of `v` for each position along `dim`, or of all of it. */
function normExceptDim(v: Tensor, dim: number | null): Tensor {
  if (dim === null) return v.norm();
  const others = Array.from({ length: v.ndim }, (_, d) => d).filter((d) => d !== dim);
  return others.length === 0 ? v.abs() : v.norm(2, others, { keepdim: true });
}

/** `w = g·v / ‖v‖`. */
class _WeightNorm extends Module<[g: Tensor, v: Tensor], Tensor> {
  constructor(readonly dim: number | null) {
    super();
  }

  forward(g: Tensor, v: Tensor): Tensor {
    return v.mul(g.div(normExceptDim(v, this.dim)));
  }

  rightInverse(w: Tensor): Tensor[] {
    return [normExceptDim(w, this.dim), w];
  }
}

/** Options of {@link weightNorm}. */
export interface WeightNormOptions {
  /** Name of the parameter; default `'weight'`. */
  name?: string;
  /** The dimension whose positions each have their own norm; `null`: one norm for all. Default 0. */
  dim?: number | null;
}

/**
 * Learns length and direction of a weight apart (`torch.nn.utils.parametrizations.weight_norm`): `w = g·v / ‖v‖`, where `g` is
 * `parametrizations.weight.original0` and `v` is `original1`. Lengths are those of the slices along `dim`. Returns the module.
 * @throws {ValueError} if the module has no parameter of that name; {@link IndexError} if there is no such dimension.
 */
export function weightNorm<M extends AnyModule>(module: M, options: WeightNormOptions = {}): M {
  const { name = 'weight', dim = 0 } = options;
  const weight = requireWeight('weightNorm', module, name);
  // As in PyTorch, -1 means all dimensions.
  const all = dim === null || dim === -1;
  const along = all ? null : checkDim('weightNorm', dim, weight.ndim);
  return registerParametrization(module, name, new _WeightNorm(along), { unsafe: true });
}

/** `w / σ(w)`, where `σ`, the largest singular value, is estimated by power iterations. */
class _SpectralNorm extends Module {
  /** The current estimate of the left singular vector. */
  declare _u?: Buffer;
  /** The right singular vector. */
  declare _v?: Buffer;

  constructor(
    weight: Tensor,
    readonly nPowerIterations: number,
    readonly dim: number,
    readonly eps: number,
  ) {
    super();
    if (weight.ndim < 2) return;
    const matrix = this.matrixOf(weight.detach());
    const [h, w] = matrix.shape;
    const draw = (n: number) => new Buffer(normalize(randn([n], { dtype: weight.dtype }), { dim: 0, eps }));
    const u = draw(h);
    Object.assign(this, { _u: u, _v: draw(w) });
    this.iterate(matrix, 15);
  }

  private matrixOf(weight: Tensor): Tensor {
    const order = [this.dim, ...Array.from({ length: weight.ndim }, (_, d) => d).filter((d) => d !== this.dim)];
    return (this.dim === 0 ? weight : weight.permute(order)).flatten(1);
  }

  private iterate(matrix: Tensor, times: number): void {
    const { eps } = this;
    noGrad(() => {
      for (let i = 0; i < times; i++) {
        this._u!.copy_(normalize(matrix.mv(this._v!), { dim: 0, eps }));
        this._v!.copy_(normalize(matrix.t().mv(this._u!), { dim: 0, eps }));
      }
    });
  }

  forward(weight: Tensor): Tensor {
    if (weight.ndim < 2) return normalize(weight, { dim: 0, eps: this.eps });
    const matrix = this.matrixOf(weight);
    if (this.training) this.iterate(matrix.detach(), this.nPowerIterations);
    const [u, v] = [this._u!.clone(), this._v!.clone()];
    return weight.div(u.dot(matrix.mv(v)));
  }

  rightInverse(value: Tensor): Tensor {
    return value;
  }
}

/** Options of {@link spectralNorm}. */
export interface SpectralNormOptions {
  /** Name of the parameter; default `'weight'`. */
  name?: string;
  /** Iterations for each computation of the weight in training; default 1. */
  nPowerIterations?: number;
  /** Added to divisors; default 1e-12. */
  eps?: number;
  /** The dimension of the outputs; default 0, of transposed convolutions 1. */
  dim?: number | null;
}

/**
 * Divides a weight by its largest singular value (`torch.nn.utils.parametrizations.spectral_norm`), `w / σ(w)`, which is
 * approached by power iterations: in training each time that the weight is computed. The weight counts as a matrix of as many
 * rows as there are outputs. Returns the module.
 * @throws {ValueError} if the module has no parameter of that name, or `nPowerIterations` is no whole number above 0;
 *   {@link IndexError} if there is no such dimension.
 */
export function spectralNorm<M extends AnyModule>(module: M, options: SpectralNormOptions = {}): M {
  const { name = 'weight', nPowerIterations = 1, eps = 1e-12 } = options;
  const weight = requireWeight('spectralNorm', module, name);
  requireSizes('spectralNorm', { nPowerIterations });
  const dim = checkDim('spectralNorm', options.dim ?? (module instanceof ConvTranspose ? 1 : 0), weight.ndim);
  return registerParametrization(module, name, new _SpectralNorm(weight, nPowerIterations, dim, eps));
}

function requireWeight(op: string, module: AnyModule, name: string): Tensor {
  if (!isModule(module)) throw new ValueError(`${op}: expected a module, got ${describe(module)}`);
  if (typeof name !== 'string') throw new ValueError(`${op}: the name must be a text, got ${describe(name)}`);
  const weight = (module as unknown as Record<string, unknown>)[name];
  if (!(weight instanceof Tensor))
    throw new ValueError(`${op}: ${module.constructor.name} has no parameter or buffer ${name}; pass its name`);
  return weight;
}

/** How an orthogonal matrix is computed from a triangular one. */
export type OrthogonalMap = 'matrixExp' | 'cayley' | 'householder';

const signedQr = (a: Tensor): Tensor => {
  const { Q, R } = qr(a);
  const signs = R.diagonal({ dim1: -2, dim2: -1 }).sign();
  return Q.mul(signs.unsqueeze(-2));
};

/** Whether the columns are orthonormal. */
function isOrthogonal(q: Tensor): boolean {
  const k = q.shape[q.ndim - 1];
  const eps = 10 * q.shape[q.ndim - 2] * (q.dtype === 'float64' ? 2 ** -52 : 2 ** -23);
  return (
    q
      .transpose(-1, -2)
      .matmul(q)
      .sub(eye(k, { dtype: q.dtype }))
      .abs()
      .max()
      .item() <= eps
  );
}

/** `e^A` by scaling and squaring: a Taylor series of `A / 2ˢ`, whose norm is at most a half, squared `s` times. */
function matrixExp(a: Tensor): Tensor {
  const size = a.detach().abs().sum(-1).max().item();
  const halvings = size > 0.5 && Number.isFinite(size) ? Math.ceil(Math.log2(size / 0.5)) : 0;
  const one = eye(a.shape[a.ndim - 1], { dtype: a.dtype });
  const x = a.div(2 ** halvings);
  let y = one.expand(a.shape);
  for (let k = a.dtype === 'float64' ? 15 : 9; k > 0; k--) y = x.matmul(y).div(k).add(one);
  for (let s = 0; s < halvings; s++) y = y.matmul(y);
  return y;
}

/** The first columns of the product of reflections `1 - τ v vᵀ`, whose vectors are the columns of `a` below a one. */
function householderProduct(a: Tensor, tau: Tensor): Tensor {
  const [n, k] = a.shape.slice(-2);
  const one = eye(n, { dtype: a.dtype });
  let q = one.narrow(1, 0, k).expand(a.shape);
  for (let i = k - 1; i >= 0; i--) {
    const v = a.narrow(-1, i, 1).add(one.narrow(1, i, 1));
    q = q.sub(v.mul(tau.narrow(-1, i, 1).unsqueeze(-1)).matmul(v.transpose(-1, -2).matmul(q)));
  }
  return q;
}

/** The reflections that map the columns of `q` to a triangular matrix; their signs are its diagonal. */
function reflectionsOf(q: Tensor): Tensor {
  const [n, k] = q.shape.slice(-2);
  const data = q.toArray();
  for (let from = 0; from < data.length; from += n * k) {
    const at = (i: number, j: number) => from + i * k + j;
    for (let j = 0; j < k; j++) {
      const alpha = data[at(j, j)];
      let rest = 0;
      for (let i = j + 1; i < n; i++) rest = Math.hypot(rest, data[at(i, j)]);
      if (rest === 0) {
        // As in LAPACK, the diagonal has the opposite sign without a reflection.
        data[at(j, j)] = -Math.sign(alpha);
        continue;
      }
      const beta = -Math.sign(alpha || 1) * Math.hypot(alpha, rest);
      const tau = (beta - alpha) / beta;
      for (let i = j + 1; i < n; i++) data[at(i, j)] /= alpha - beta;
      for (let c = j + 1; c < k; c++) {
        let dot = data[at(j, c)];
        for (let i = j + 1; i < n; i++) dot += data[at(i, j)] * data[at(i, c)];
        data[at(j, c)] -= tau * dot;
        for (let i = j + 1; i < n; i++) data[at(i, c)] -= tau * dot * data[at(i, j)];
      }
      data[at(j, j)] = Math.sign(beta);
    }
  }
  return fresh(data, q.shape, q.dtype);
}

class _Orthogonal extends Module {
  /** The matrix that the orthogonal matrix is multiplied with, if there is one. */
  base: Buffer | null = null;

  constructor(
    readonly orthogonalMap: OrthogonalMap,
    readonly useTrivialization: boolean,
  ) {
    super();
  }

  forward(given: Tensor): Tensor {
    const wide = given.shape[given.ndim - 2] < given.shape[given.ndim - 1];
    const x = wide ? given.transpose(-1, -2) : given;
    let q = this.orthogonalMap === 'householder' ? reflected(x) : rotated(x, this.orthogonalMap);
    if (this.base !== null) q = this.base.matmul(q);
    return wide ? q.transpose(-1, -2) : q;
  }

  rightInverse(given: Tensor): Tensor {
    const wide = given.shape[given.ndim - 2] < given.shape[given.ndim - 1];
    const q = wide ? given.transpose(-1, -2) : given;
    const [n, k] = q.shape.slice(-2);
    return noGrad(() => {
      if (!this.useTrivialization) {
        if (this.orthogonalMap !== 'householder')
          throw new NotImplementedError(
            `orthogonal: ${this.orthogonalMap} without useTrivialization has no inverse, so the tensor cannot be set`,
          );
        const a = reflectionsOf(q);
        return wide ? a.transpose(-1, -2) : a;
      }
      const more = n === k ? [] : [randn([...q.shape.slice(0, -1), n - k], { dtype: q.dtype })];
      const full = joining.cat([q, ...more], -1);
      const base = n === k && isOrthogonal(q) ? q.clone() : signedQr(full);
      if (this.base !== null && sameShape(this.base.shape, base.shape)) this.base.copy_(base);
      else this.base = new Buffer(base);
      const start = zerosLike(given);
      start.diagonal({ dim1: -2, dim2: -1 }).fill_(-1);
      return start;
    });
  }
}

function rotated(x: Tensor, map: OrthogonalMap): Tensor {
  const [n, k] = x.shape.slice(-2);
  const lower = x.tril();
  const square =
    n === k ? lower : joining.cat([lower, zeros([...x.shape.slice(0, -1), n - k], { dtype: x.dtype })], -1);
  const a = square.sub(square.transpose(-1, -2));
  if (map === 'matrixExp') return matrixExp(a).narrow(-1, 0, k);
  const one = eye(n, { dtype: x.dtype });
  return solve(one.sub(a.mul(0.5)), one.add(a.mul(0.5))).narrow(-1, 0, k);
}

function reflected(x: Tensor): Tensor {
  const a = x.tril(-1);
  const tau = a.mul(a).sum(-2).add(1).reciprocal().mul(2);
  return householderProduct(a, tau).mul(x.detach().diagonal({ dim1: -2, dim2: -1 }).trunc().unsqueeze(-2));
}

/** Options of {@link orthogonal}. */
export interface OrthogonalParametrizationOptions {
  /** Name of the parameter; default `'weight'`. */
  name?: string;
  /** The method; default `'matrixExp'` for square matrices, else `'householder'`. */
  orthogonalMap?: OrthogonalMap | null;
  /** Multiply with the current matrix, so that the tensor can be set to any orthogonal matrix; default `true`. */
  useTrivialization?: boolean;
}

/**
 * Keeps a matrix, or a batch of them, orthogonal: `QᵀQ = 1`, of a wide one `QQᵀ = 1`
 * (`torch.nn.utils.parametrizations.orthogonal`). It is made of a triangle of numbers: as `e^A` (`'matrixExp'`) or
 * `(1 - A/2)⁻¹ (1 + A/2)` (`'cayley'`) with `A = L - Lᵀ`, or as a product of reflections (`'householder'`). Returns the module.
 * @throws {ValueError} if the module has no parameter of that name, or the map is none of the three; {@link ShapeError} if it
 *   is no matrix.
 */
export function orthogonal<M extends AnyModule>(module: M, options: OrthogonalParametrizationOptions = {}): M {
  const { name = 'weight', useTrivialization = true } = options;
  const weight = requireWeight('orthogonal', module, name);
  if (weight.ndim < 2)
    throw new ShapeError(
      `orthogonal: ${name} must be a matrix or a batch of them, got shape ${formatShape(weight.shape)}`,
    );
  const [n, k] = weight.shape.slice(-2);
  const orthogonalMap = options.orthogonalMap ?? (n === k ? 'matrixExp' : 'householder');
  requireOneOf('orthogonal', { orthogonalMap }, ['matrixExp', 'cayley', 'householder']);
  return registerParametrization(module, name, new _Orthogonal(orthogonalMap, useTrivialization), { unsafe: true });
}
