import { grad, noGrad } from '../../../autograd';
import { ShapeError, ValueError } from '../../../errors';
import { functional, Linear, type Module, Sequential } from '../../../nn';
import { stack } from '../../../ops/functions';
import { onesLike } from '../../../tensor/creation';
import { formatShape } from '../../../tensor/shape';
import type { Tensor } from '../../../tensor/tensor';

/** Options of {@link matrices}. */
export interface MatricesOptions {
  /** The cost as one number, from the net's output and `y`. Default: the mean of the squared errors. */
  loss?: (output: Tensor, y: Tensor) => Tensor;
}

/** The values of one layer `O = g(I W + b)` after both passes; n rows, one for each sample. */
export interface LayerMatrices {
  /** The class names of the modules after the weights, such as `'Tanh'`; `''` if there are none. */
  activation: string;
  /** The layer's input, `[n, in]`. */
  I: Tensor;
  /** The weights, `[in, out]`: the transpose of what `nn.Linear` stores. */
  W: Tensor;
  /** The bias, `[out]`, or `null`. */
  b: Tensor | null;
  /** `I W + b`, `[n, out]`. */
  Z: Tensor;
  /**
   * g′(Z), `[n, out]`. If each output depends on several sums, as with softmax, a matrix for each sample:
   * `[n, out, out]` with `dg[i, k, j]` = ∂O_ik/∂Z_ij.
   */
  dg: Tensor;
  /** The layer's output g(Z), `[n, out]`. */
  O: Tensor;
  /** ∂C/∂O, from the next layer: F Wᵀ of that layer, or the gradient of the loss for the last one. */
  P: Tensor;
  /** ∂C/∂Z = P ⊙ g′(Z); if g′ is a matrix for each sample, row i of P times that of sample i. */
  F: Tensor;
  /** ∂C/∂W = Iᵀ F, `[in, out]`. */
  dW: Tensor;
  /** ∂C/∂b, the column sums of F; `null` without a bias. */
  db: Tensor | null;
}

/** Both passes through a net. */
export interface BackwardMatrices {
  /** The cost C. */
  loss: number;
  /** The layers, the first one first. */
  layers: LayerMatrices[];
}

/**
 * Back-propagation written out as matrices, for a net of linear layers with activations between them. From the last
 * layer to the first: F = P ⊙ g′(Z), ∇W = Iᵀ F, and P of the layer before is F Wᵀ. The net's own tape computes only the
 * derivatives of the loss by the output and of each activation by its input. Nothing is changed.
 *
 * @example
 * const net = new nn.Sequential(new nn.Linear(4, 5), new nn.Tanh(), new nn.Linear(5, 1));
 * const { layers } = classic.backward.matrices(net, randn([6, 4]), randn([6, 1]));
 * layers.map(({ F, dW }) => [F.shape, dW.shape]) // [ [ [ 6, 5 ], [ 4, 5 ] ], [ [ 6, 1 ], [ 5, 1 ] ] ]
 * @throws {ValueError} if the net does not begin with a `Linear`, or a module takes samples together, as batch norm
 *   does; {@link ShapeError} if `x` is not `[n, in]`, an activation changes the shape, or the loss is not one number.
 */
export function matrices(
  net: Iterable<Module>,
  x: Tensor,
  y: Tensor,
  { loss = functional.mseLoss }: MatricesOptions = {},
): BackwardMatrices {
  const blocks = readBlocks(net);
  const { inFeatures } = blocks[0]!.linear;
  if (x.ndim !== 2 || x.shape[1] !== inFeatures) {
    throw new ShapeError(
      `matrices: x must be [n, ${inFeatures}], one row for each sample; it is ${formatShape(x.shape)}`,
    );
  }
  let input = x.detach();
  const forward = blocks.map(({ linear, gate }) => {
    const [W, b] = [linear.weight.detach().t(), linear.bias?.detach() ?? null];
    const I = input;
    const Z = b ? I.matmul(W).add(b) : I.matmul(W);
    const { O, dg } = passGate(gate, Z);
    input = O;
    return { activation: gate.map((module) => module.constructor.name).join(', '), I, W, b, Z, dg, O };
  });
  const output = input.detach().clone().requiresGrad_();
  const cost = loss(output, y);
  if (cost.numel() !== 1) {
    throw new ShapeError(`matrices: the loss must be one number, it has the shape ${formatShape(cost.shape)}`);
  }
  let P = grad(cost, output)[0];
  const layers: LayerMatrices[] = [];
  noGrad(() => {
    for (const layer of forward.reverse()) {
      const { I, W, b, dg } = layer;
      const F = dg.ndim === 2 ? P.mul(dg) : P.unsqueeze(1).matmul(dg).squeeze(1);
      layers.unshift({ ...layer, P, F, dW: I.t().matmul(F), db: b && F.sum(0) });
      // No layer below the first one needs its P.
      if (layers.length < blocks.length) P = F.matmul(W.t());
    }
  });
  return { loss: cost.item(), layers };
}

/** A linear layer and the modules between it and the next. */
interface Block {
  linear: Linear;
  gate: Module[];
}

function readBlocks(net: Iterable<Module>): Block[] {
  const blocks: Block[] = [];
  const read = (modules: Iterable<Module>) => {
    for (const module of modules) {
      if (module instanceof Sequential) read(module);
      else if (module instanceof Linear) blocks.push({ linear: module, gate: [] });
      else if (!blocks.length) {
        throw new ValueError(`matrices: the net must begin with a Linear, it begins with ${module.constructor.name}`);
      } else if (module.training && [...module.buffers()].length > 0) throw new ValueError(together(module));
      else blocks.at(-1)!.gate.push(module);
    }
  };
  read(net);
  if (!blocks.length) throw new ValueError('matrices: the net has no layers');
  return blocks;
}

const together = (module: Module) =>
  `matrices: ${module.constructor.name} takes the samples of a batch together, so that no row of P becomes its row of F ` +
  'by itself; leave it out, or compare with the tape';

/** g(Z), and its slopes: as many as there are elements, or a matrix for each sample. */
function passGate(gate: readonly Module[], Z: Tensor): Pick<LayerMatrices, 'O' | 'dg'> {
  if (!gate.length) return { O: Z, dg: onesLike(Z) };
  const z = Z.detach().clone().requiresGrad_();
  const O = gate.reduce((value, module) => module(value), z);
  const [n, out] = Z.shape as [number, number];
  if (O.ndim !== 2 || O.shape[0] !== n || O.shape[1] !== out) {
    throw new ShapeError(
      `matrices: ${gate.map((module) => module.constructor.name).join(', ')} makes ${formatShape(O.shape)} of ` +
        `${formatShape(Z.shape)}; activations keep the shape`,
    );
  }
  const slopes = (part: Tensor) => grad(part.sum(), z, { retainGraph: true })[0];
  if (
    n > 1 &&
    slopes(O.narrow(0, 0, 1))
      .narrow(0, 1, n - 1)
      .abs()
      .max()
      .item() > 0
  ) {
    throw new ValueError(together(gate.at(-1)!));
  }
  const all = stack(
    Array.from({ length: out }, (_, k) => slopes(O.narrow(1, k, 1))),
    1,
  );
  const own = all.diagonal({ dim1: 1, dim2: 2 });
  const isElementwise = all.sub(own.diagEmbed()).abs().max().item() === 0;
  return { O: O.detach(), dg: isElementwise ? own.clone() : all };
}
