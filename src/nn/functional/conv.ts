import { noTensor } from '../../describe';
import { DtypeError, ShapeError, ValueError } from '../../errors';
import { convolutions } from '../../ops/networks/convolution';
import { requireSizes } from '../../ops/table/arguments';
import * as names from '../../option-names';
import { checkOptions } from '../../options';
import { formatShape } from '../../tensor/shape';
import { Tensor } from '../../tensor/tensor';
import { type PerDimension, paddingOf, perDimension, reach, transposedSizes, withCases } from '../spatial';

/** Options of {@link conv1d}, {@link conv2d} and {@link conv3d}. */
export interface ConvolutionOptions {
  /** Added to each output channel, `[O]`; default none. */
  bias?: Tensor | null;
  /** Distance between neighbouring places of the kernel; default 1. */
  stride?: PerDimension;
  /**
   * Zeros on both sides of each dimension; default 0, which is also `'valid'`. `'same'` gives the output the size of the
   * input, for a stride of 1; an odd zero stands at the end.
   */
  padding?: PerDimension | 'same' | 'valid';
  /** Distance between neighbouring elements of the kernel; default 1. */
  dilation?: PerDimension;
  /** Channels fall into this many groups, and outputs see the inputs of their own group alone; default 1. */
  groups?: number;
}

/** Options of {@link convTranspose1d}, {@link convTranspose2d} and {@link convTranspose3d}. */
export interface ConvolutionTransposeOptions {
  /** Added to each output channel, `[O]`; default none. */
  bias?: Tensor | null;
  /** Distance between neighbouring places of the kernel, in the output; default 1. */
  stride?: PerDimension;
  /** Elements cut off on both sides of each dimension of the output; default 0. */
  padding?: PerDimension;
  /** Elements added at the end of each dimension of the output; less than the stride or the dilation; default 0. */
  outputPadding?: PerDimension;
  /** Channels fall into this many groups, and outputs see the inputs of their own group alone; default 1. */
  groups?: number;
  /** Distance between neighbouring elements of the kernel; default 1. */
  dilation?: PerDimension;
}

/**
 * The options with the bias, which comes before them, as in PyTorch, or among them.
 * @throws {ValueError} if it comes in both places, or if something else does.
 */
function withBias<O extends { bias?: Tensor | null }>(
  op: string,
  bias: Tensor | null | O | undefined,
  options: O | undefined,
  known: readonly string[],
): O {
  const isBias = bias instanceof Tensor || bias === null || bias === undefined;
  if (!isBias && options !== undefined)
    throw new ValueError(`${op}: the bias must be a tensor or null, got ${noTensor(bias)}`);
  const given = isBias ? options : bias;
  checkOptions(op, given, known);
  if (!isBias || bias === undefined) return given ?? ({} as O);
  if (given?.bias !== undefined)
    throw new ValueError(`${op}: the bias is given twice, before the options and among them; give one`);
  return { ...given, bias } as O;
}

/**
 * Convolution in two dimensions of an input `[N, C, H, W]` or `[C, H, W]` with a weight `[O, C / groups, K, L]`
 * (`torch.nn.functional.conv2d`), strictly a cross-correlation:
 * `y[n, o, i, j] = bias[o] + Σ_{c, k, l} x[n, c, i·stride + k·dilation - padding, j·stride + l·dilation - padding]·w[o, c, k, l]`.
 * The output has `⌊(H + 2·padding - dilation·(K - 1) - 1) / stride⌋ + 1` rows. The bias comes before the options, as in PyTorch,
 * or among them: `conv2d(x, w, b, { stride: 2 })` is `conv2d(x, w, { bias: b, stride: 2 })`.
 * @throws {ShapeError} if shapes do not fit; {@link DtypeError} if dtypes differ; {@link ValueError} if an option is out
 * of range.
 *
 * @example
 * nn.functional.conv1d(tensor([[1, 2, 4, 8]]), tensor([[[1, 10]]])) // tensor([[21., 42., 84.]])
 *
 * @example
 * const image = tensor([[[0, 0, 1, 1], [0, 0, 1, 1], [0, 0, 1, 1]]]);
 * const edges = tensor([[[[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]]]);
 * nn.functional.conv2d(image, edges, { padding: [1, 0] }).tolist() // [[[3, 3], [4, 4], [3, 3]]]
 * @internal
 */
export function conv(
  op: string,
  rank: number,
  input: Tensor,
  weight: Tensor,
  bias: Tensor | null | ConvolutionOptions | undefined,
  options?: ConvolutionOptions,
): Tensor {
  const all = withBias(op, bias, options, names.ConvolutionOptions);
  const { bias: added = null, padding = 0, groups = 1 } = all;
  const stride = perDimension(op, 'stride', all.stride ?? 1, rank);
  const dilation = perDimension(op, 'dilation', all.dilation ?? 1, rank);
  checkWeight(op, rank, weight, groups);
  const kernel = weight.sizes.slice(2);
  const [outChannels] = weight.sizes;
  const inChannels = weight.sizes[1] * groups;
  const { start, total } = paddingOf(op, padding, kernel, stride, dilation);
  return withCases(op, input, rank, (x) => {
    checkOperands(op, x, weight, added, inChannels, outChannels);
    const sizes = x.sizes.slice(2);
    const output = sizes.map((n, d) => Math.floor((n + total[d] - dilation[d] * (kernel[d] - 1) - 1) / stride[d]) + 1);
    if (output.some((n) => n < 1))
      throw new ShapeError(
        `${op}: a kernel of ${formatShape(reach(kernel, dilation))} places does not fit an input of shape ` +
          `${formatShape(input.sizes)}, which is ${formatShape(sizes.map((n, d) => n + total[d]))} with its padding`,
      );
    const plan = { groups, inChannels, outChannels, input: sizes, kernel, output, stride, padding: start, dilation };
    return convolutions.convolution(x, weight, added, plan);
  });
}

/**
 * Transposed convolution in two dimensions of an input `[N, C, H, W]` or `[C, H, W]` with a weight `[C, O / groups, K, L]`
 * (`torch.nn.functional.conv_transpose2d`): the gradient of {@link conv2d} for its input, as an operation of its own. Each
 * input element adds the kernel, times its value, to the output. The output has
 * `(H - 1)·stride - 2·padding + dilation·(K - 1) + outputPadding + 1` rows.
 * @throws {ShapeError} if shapes do not fit; {@link DtypeError} if dtypes differ; {@link ValueError} if an option is out
 * of range.
 *
 * @example
 * const kernel = tensor([[[1, 10, 100]]]);
 * nn.functional.convTranspose1d(tensor([[1, 2]]), kernel, { stride: 2 }).tolist() // [[1, 10, 102, 20, 200]]
 * @internal
 */
export function convTranspose(
  op: string,
  rank: number,
  input: Tensor,
  weight: Tensor,
  bias: Tensor | null | ConvolutionTransposeOptions | undefined,
  options?: ConvolutionTransposeOptions,
): Tensor {
  const all = withBias(op, bias, options, names.ConvolutionTransposeOptions);
  const { bias: added = null, groups = 1 } = all;
  const stride = perDimension(op, 'stride', all.stride ?? 1, rank);
  const dilation = perDimension(op, 'dilation', all.dilation ?? 1, rank);
  const padding = perDimension(op, 'padding', all.padding ?? 0, rank, 0);
  const outputPadding = perDimension(op, 'outputPadding', all.outputPadding ?? 0, rank, 0);
  if (outputPadding.some((n, d) => n >= Math.max(stride[d], dilation[d])))
    throw new ValueError(
      `${op}: outputPadding ${formatShape(outputPadding)} must be less than the stride ${formatShape(stride)} or the ` +
        `dilation ${formatShape(dilation)}`,
    );
  checkWeight(op, rank, weight, groups);
  const kernel = weight.sizes.slice(2);
  const [outChannels] = weight.sizes;
  const inChannels = weight.sizes[1] * groups;
  return withCases(op, input, rank, (x) => {
    checkOperands(op, x, weight, added, outChannels, inChannels);
    const output = x.sizes.slice(2);
    const sizes = transposedSizes(output, { kernel, stride, padding, dilation }).map((n, d) => n + outputPadding[d]);
    if (output.includes(0) || sizes.some((n) => n < 1))
      throw new ShapeError(
        `${op}: an input of shape ${formatShape(input.sizes)} gives an output of ${formatShape(sizes)}; every size must ` +
          'be 1 or more',
      );
    // What the convolution that this one transposes calls its input is the output here.
    const plan = { groups, inChannels, outChannels, input: sizes, kernel, output, stride, padding, dilation };
    return convolutions.convolutionTransposed(x, weight, added, plan);
  });
}

function checkWeight(op: string, rank: number, weight: Tensor, groups: number): void {
  if (weight.ndim !== rank + 2 || weight.sizes.slice(1).includes(0))
    throw new ShapeError(
      `${op}: the weight has shape ${formatShape(weight.sizes)}; it needs two dimensions of channels and ${rank} of the ` +
        'kernel, none of them empty',
    );
  requireSizes(op, { groups });
  if (weight.sizes[0] % groups !== 0 || weight.sizes[0] === 0)
    throw new ShapeError(
      `${op}: ${groups} groups do not divide the ${weight.sizes[0]} channels of a weight of shape ${formatShape(weight.sizes)}`,
    );
}

/** Checks what meets a weight for `from` input channels and `to` output channels. */
function checkOperands(op: string, x: Tensor, weight: Tensor, bias: Tensor | null, from: number, to: number): void {
  if (x.sizes[1] !== from)
    throw new ShapeError(
      `${op}: an input of shape ${formatShape(x.sizes)} has ${x.sizes[1]} channels; a weight of shape ` +
        `${formatShape(weight.sizes)} needs ${from}`,
    );
  if (bias !== null && !(bias instanceof Tensor))
    throw new ValueError(`${op}: the bias must be a tensor or null, got ${noTensor(bias)}`);
  if (bias !== null && (bias.ndim !== 1 || bias.sizes[0] !== to))
    throw new ShapeError(`${op}: the bias has shape ${formatShape(bias.sizes)}; expected ${formatShape([to])}`);
  const dtypes = [x, weight, ...(bias === null ? [] : [bias])].map((t) => t.dtype);
  if (dtypes.some((dtype) => dtype !== x.dtype) || x.dtype === 'bool')
    throw new DtypeError(
      `${op}: input, weight and bias must have one dtype, and not bool, got ${dtypes.join(', ')}; convert with ` +
        `to('${x.dtype === 'bool' ? 'float32' : x.dtype}')`,
    );
}
