// Where Keras and PyTorch mean different things by the same name.
import { noGrad } from '../../autograd';
import type { AnyModule } from '../../nn';
import { BatchNorm1d, BatchNorm2d, BatchNorm3d, Bilinear, Conv1d, Conv2d, Conv3d, init, Linear } from '../../nn';
import type { Tensor } from '../../tensor/tensor';
import type { Net } from '../net';
import { TextTable } from '../table';

/** Whose conventions hold where Keras' and PyTorch's differ. */
export type Conventions = 'keras' | 'pytorch';

/** What differs: of which each says how Keras has it, and how PyTorch. */
const differences: readonly (readonly [what: string, keras: string, pytorch: string])[] = [
  ['first weights', 'Glorot: uniform, ±√(6 / (in + out)); biases 0', 'uniform, ±1/√in, biases as well'],
  ['Adam', 'lr 0.001, ε 1e-7 beside √v: √(1-β₂ᵗ)·m / ((1-β₁ᵗ)·(√v + ε))', 'lr 0.001, ε 1e-8 beside √v̂: m̂ / (√v̂ + ε)'],
  ['AdamW', 'weight decay 0.004', 'weight decay 0.01'],
  ['momentum', 'v ← μv - lr·g, p ← p + v: steps keep their rate', 'v ← μv + g, p ← p - lr·v: the present rate for all'],
  ['SGD', 'lr 0.01', 'lr 0.001'],
  ['RMSprop', 'lr 0.001, keeps 0.9, ε 1e-7 under the root', 'lr 0.01, keeps 0.99, ε 1e-8 beside the root'],
  [
    'batch normalization',
    'momentum 0.99 is kept, ε 1e-3, running variance Σ/n',
    'momentum 0.1 is new, ε 1e-5, running variance Σ/(n-1)',
  ],
  ['weights of rows and classes', 'Σwℓ / n', 'Σwℓ / Σw'],
];

/** The same in Keras and here. */
const common: readonly (readonly [string, string])[] = [
  ['validationSplit', 'the last rows, cut off before they are shuffled'],
  ['accuracy of an epoch', 'each batch before its step'],
];

/** What holds, beside what would hold. @internal */
export function conventionTable(chosen: Conventions): TextTable {
  const rows = differences.map(([what, keras, pytorch]) =>
    chosen === 'keras' ? [what, keras, pytorch] : [what, pytorch, keras],
  );
  const [here, there] = chosen === 'keras' ? ['as in Keras', 'PyTorch'] : ['as in PyTorch', 'Keras'];
  return new TextTable(
    ['', `here: ${here}`, there],
    [...rows, ...common.map(([what, how]) => [what, how, 'the same'])],
  );
}

/** Weights as Keras' layers begin with them, and its batch normalization. @internal */
export function beginAsKeras(net: Net): void {
  noGrad(() => {
    for (const module of net.modules() as AnyModule[]) {
      if ([Linear, Bilinear, Conv1d, Conv2d, Conv3d].some((kind) => module instanceof kind)) {
        const { weight, bias } = module as unknown as { weight: Tensor; bias: Tensor | null };
        init.xavierUniform_(weight);
        bias?.zero_();
      }
      if ([BatchNorm1d, BatchNorm2d, BatchNorm3d].some((kind) => module instanceof kind))
        normalizeAsKeras(module as unknown as BatchNorm2d);
    }
  });
}

/** Keras' defaults where PyTorch's stand, and its running variance, which is that of the batch itself. */
function normalizeAsKeras(layer: BatchNorm2d): void {
  Object.assign(layer, {
    eps: layer.eps === 1e-5 ? 1e-3 : layer.eps,
    momentum: layer.momentum === 0.1 ? 0.01 : layer.momentum,
  });
  let before: Tensor | undefined;
  layer.registerForwardPreHook((module) => {
    before = module.training ? module.runningVar?.detach().clone() : undefined;
  });
  layer.registerForwardHook((module, [input]) => {
    const { runningVar, momentum } = module;
    if (before === undefined || runningVar === null || momentum === null) return;
    const n = input.numel() / input.shape[1]!;
    // Of r' = (1-m)·r + m·s, with s = Σ/(n-1), the part m·s/n is too much.
    const kept = before;
    noGrad(() => runningVar.sub_(runningVar.sub(kept.mul(1 - momentum)).div(n)));
  });
}
