// Differences between Keras and PyTorch under the same names.
import { noGrad } from '../../autograd';
import type { AnyModule } from '../../nn';
import {
  BatchNorm1d,
  BatchNorm2d,
  BatchNorm3d,
  Bilinear,
  Conv1d,
  Conv2d,
  Conv3d,
  ConvTranspose1d,
  ConvTranspose2d,
  ConvTranspose3d,
  Embedding,
  GRU,
  GroupNorm,
  init,
  LayerNorm,
  Linear,
  LSTM,
  RMSNorm,
  RNN,
} from '../../nn';
import type { Tensor } from '../../tensor/tensor';
import type { Net } from '../net';
import { TextTable } from '../table';

/** The conventions to follow where Keras' and PyTorch's differ. */
export type Conventions = 'keras' | 'pytorch';

/** Behaviours of {@link Model} that the conventions choose. */
const chosenByConventions: readonly (readonly [what: string, keras: string, pytorch: string])[] = [
  [
    'first weights: Linear, Conv…, Bilinear',
    'Glorot: uniform, ±√(6 / (in + out)); biases 0',
    'uniform, ±1/√in, biases as well',
  ],
  ['first weights: Embedding', 'uniform, ±0.05', 'normal, deviation 1'],
  [
    'first weights: LSTM, GRU, RNN',
    'Glorot for the input, orthogonal for the state, biases 0, of the forget gate 1',
    'all uniform, ±1/√hidden',
  ],
  ['biases of LSTM, RNN', 'one (here: the second is 0 and frozen)', 'two, which take steps of twice the length'],
  [
    'batch normalization',
    'momentum 0.99 is kept, ε 1e-3, running variance Σ/n',
    'momentum 0.1 is new, ε 1e-5, running variance Σ/(n-1)',
  ],
  ['ε of LayerNorm, GroupNorm; RMSNorm', '1e-3; 1e-6', "1e-5; the dtype's"],
  ["'sgd'", 'lr 0.01', 'lr 0.001'],
  ['momentum', 'v ← μv - lr·g, p ← p + v: steps keep their rate', 'v ← μv + g, p ← p - lr·v: the present rate for all'],
  ["'adam'", 'lr 0.001, ε 1e-7 beside √v: √(1-β₂ᵗ)·m / ((1-β₁ᵗ)·(√v + ε))', 'lr 0.001, ε 1e-8 beside √v̂: m̂ / (√v̂ + ε)'],
  ["'adamw'", 'weight decay 0.004', 'weight decay 0.01'],
  ["'rmsprop'", 'lr 0.001, keeps 0.9, ε 1e-7 under the root', 'lr 0.01, keeps 0.99, ε 1e-8 beside the root'],
  ['weights of rows and classes', 'Σwℓ / n', 'Σwℓ / Σw'],
];

/** Behaviours that do not depend on the conventions: those of Keras and PyTorch, and the one here. */
const fixed: readonly (readonly [what: string, here: string, keras: string, pytorch: string])[] = [
  [
    'reduceOnPlateau',
    'as Keras',
    'after patience epochs; minDelta is a difference',
    '(ReduceLROnPlateau) one epoch later; a share of the best',
  ],
  ['validationSplit', 'as Keras', 'the last rows, cut off before they are shuffled', 'none'],
  ['row weights in the validation split', 'as Keras', 'count; class weights do not', 'none'],
  [
    'earlyStopping, weights',
    'on by default; of a number of the training those before the last step of the best epoch',
    'off by default; those after the epoch',
    'none',
  ],
  ['a loss that is NaN', 'ends the training (stopOnNaN)', 'goes on without TerminateOnNaN', 'none'],
  [
    'names in the history',
    'valLoss, lr beside a scheduler',
    'val_loss, learning_rate beside a callback for it',
    'none',
  ],
  ['means of losses and metrics', 'float64', 'float32', 'none'],
  ['rows of validation and evaluate at a time', '500', '32', 'none'],
  [
    'gathered gradients (accumulate)',
    'weigh rows alike; the rest of an epoch has a step',
    'weigh batches alike; the rest waits for the next epoch',
    'by hand',
  ],
  [
    'clipped gradients',
    'clip: norm, normEach, value; or an option of Keras…',
    'global_clipnorm, clipnorm, clipvalue',
    'clipGradNorm_, clipGradValue_',
  ],
  [
    'weight decay beside AdamW',
    "as PyTorch: in the gradient; Keras' own optimizers have none",
    'beside the gradient, of every optimizer',
    'in the gradient',
  ],
  [
    'other optimizers',
    "as PyTorch, optim.… (no 'adagrad' by name)",
    'Adagrad begins at 0.1, lr 0.001; Adadelta lr 0.001, ε 1e-7; Adamax, Nadam ε 1e-7',
    'Adagrad begins at 0, lr 0.01; Adadelta lr 1, ε 1e-6; ε 1e-8',
  ],
  [
    'learning rates by schedule',
    'as PyTorch: scheduler, by epoch or by batch',
    'of the optimizer, by step',
    'lr_scheduler',
  ],
  ['averages of weights', 'weightAveraging', 'use_ema, SwapEMAWeights', 'swa_utils'],
  ['penalties of layers', 'none: trainStep, not in the validation', 'regularizers, in loss and val_loss', 'none'],
  ['frozen batch normalization', 'as PyTorch', 'computes as in inference', 'still takes the statistics of batches'],
  [
    'order of axes',
    'as PyTorch',
    'channels last; kernels [h, w, in, out], [in, out]',
    'channels first; [out, in, h, w], [out, in]',
  ],
  ['Flatten of images', 'as PyTorch', 'pixel by pixel', 'channel by channel'],
  [
    "padding 'same' with a stride",
    'as PyTorch',
    'more at the end',
    'an error: padding in numbers, the same on both sides',
  ],
  ['mean pooling at the border', 'as PyTorch', 'without the padding', 'with it (countIncludePad)'],
  [
    'recurrent layers',
    'as PyTorch',
    'the last step; gates z, r, h of GRU',
    'all steps and the state; gates r, z, n of GRU',
  ],
  ['masks of padded words', 'none', 'mask_zero, handed on by layers', 'packed sequences'],
  ['LeakyReLU; PReLU', 'as PyTorch', '0.3; 0 for each element', '0.01; 0.25 for all'],
  ['MultiheadAttention', 'as PyTorch', 'Glorot for each of query, key and value', 'Glorot for all in one matrix'],
  ['losses by name', 'as Keras; crossEntropy as PyTorch', 'of probabilities, kept 1e-7 from 0 and 1', 'of logits'],
  ['arguments of a loss', 'as PyTorch', '(true, predicted)', '(output, target)'],
  ['classes of a cross entropy', 'as PyTorch, of two axes for the names of Keras', 'the last axis', 'the second axis'],
  ['random numbers', 'as PyTorch for the same seed', 'of the backend', 'mt19937'],
];

/** Behaviours that are the same in Keras and here. */
const common: readonly (readonly [string, string])[] = [
  ['accuracy of an epoch', 'each batch before its step'],
  ['loss of an epoch', 'the mean over its rows, each batch before its step'],
];

/** Returns a table of the behaviour here and the alternatives. @internal */
export function conventionTable(chosen: Conventions): TextTable {
  const here = chosen === 'keras' ? 'as Keras' : 'as PyTorch';
  return new TextTable(
    ['', 'here', 'Keras', 'PyTorch'],
    [
      ...chosenByConventions.map(([what, keras, pytorch]) => [what, here, keras, pytorch]),
      ...fixed.map((row) => [...row]),
      ...common.map(([what, how]) => [what, 'as Keras', how, 'none']),
    ],
  );
}

/** Initialises weights as Keras' layers do, and sets its constants of normalizations. @internal */
export function beginAsKeras(net: Net): void {
  noGrad(() => {
    for (const module of net.modules() as AnyModule[]) {
      if (glorot.some((kind) => module instanceof kind)) {
        const { weight, bias } = module as unknown as { weight: Tensor; bias: Tensor | null };
        init.xavierUniform_(weight);
        bias?.zero_();
      }
      if (module instanceof Embedding) init.uniform_(module.weight, -0.05, 0.05);
      if (module instanceof LSTM || module instanceof GRU || module instanceof RNN) recurAsKeras(module);
      if ((module instanceof LayerNorm || module instanceof GroupNorm) && module.eps === 1e-5)
        Object.assign(module, { eps: 1e-3 });
      if (module instanceof RMSNorm && module.eps === null) Object.assign(module, { eps: 1e-6 });
      if ([BatchNorm1d, BatchNorm2d, BatchNorm3d].some((kind) => module instanceof kind))
        normalizeAsKeras(module as unknown as BatchNorm2d);
    }
  });
}

const glorot = [Linear, Bilinear, Conv1d, Conv2d, Conv3d, ConvTranspose1d, ConvTranspose2d, ConvTranspose3d];

/**
 * Glorot for the input, an orthogonal matrix for the state, biases 0, of the forget gate 1. The second bias of `LSTM`
 * and `RNN`, which Keras lacks, is 0 and frozen: two trained biases would double the step.
 */
function recurAsKeras(layer: LSTM | GRU | RNN): void {
  for (const [name, p] of layer.namedParameters()) {
    if (name.startsWith('weightIh')) init.xavierUniform_(p);
    // The columns are orthogonal; in Keras the rows are.
    else if (name.startsWith('weightHh')) init.orthogonal_(p);
    else p.zero_();
    if (name.startsWith('biasHh') && !(layer instanceof GRU)) p.requiresGrad = false;
    if (layer instanceof LSTM && name.startsWith('biasIh')) {
      const size = p.shape[0]! / 4;
      p.detach().narrow(0, size, size).fill_(1);
    }
  }
}

/** Replaces PyTorch's defaults by Keras', and the running variance by that of the batch without Bessel's correction. */
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
    // In r' = (1-m)·r + m·s, with s = Σ/(n-1), the part m·s/n is in excess.
    const kept = before;
    noGrad(() => runningVar.sub_(runningVar.sub(kept.mul(1 - momentum)).div(n)));
  });
}
