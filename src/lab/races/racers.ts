import { Adagrad, Adam, AdamW, RMSprop, SGD } from '../../optim';
import type { Tensor } from '../../tensor/tensor';
import { optimizerLooks } from '../plot/race-path';

/** A participant of a race: an optimizer of tensors, or a rule in plain numbers. */
export interface Racer {
  /** Its name in figures and tables. */
  name: string;
  /** The learning rate. */
  lr: number;
  /** Creates the optimizer: one of `optim`, or an object with a `step` that reads `grad` and changes the tensors. */
  optimizer?: (params: Tensor[], lr: number) => { step(): unknown };
  /**
   * Instead of an optimizer: called at the start of a run, it returns a function that updates the weights w in place,
   * given their gradient g: `(lr) => (w, g) => { for (const i of [0, 1]) w[i] -= lr * Math.sign(g[i]); }`.
   */
  rule?: (lr: number) => (w: Float64Array, g: Readonly<Float64Array>) => unknown;
  /** Its colour in figures. Default: green. */
  color?: string;
  /** Its line style in figures, such as `'dash'`. Default: solid. */
  dash?: string;
  /** Its marker in figures, such as `'square'`. Default: a star. */
  symbol?: string;
}

/** Options of {@link racers}. */
export interface RacersOptions {
  /** Momentum, the memory of RMSprop (`alpha`) and of Adam's mean (`betas[0]`). Default: 0.9. */
  beta?: number;
  /** λ of AdamW. Default: 0.01, as in PyTorch. */
  weightDecay?: number;
}

/**
 * Seven optimizers of `optim` in a fixed order, with the same colours and dashes in every lesson: first those with one
 * rate for all weights (GD, momentum, Nesterov), then those with a rate for each (AdaGrad, RMSprop, Adam, AdamW).
 *
 * @example
 * races.racers().map(({ name }) => name) // [ 'GD', 'momentum', 'Nesterov', 'AdaGrad', 'RMSprop', 'Adam', 'AdamW' ]
 */
export function racers({ beta = 0.9, weightDecay = 0.01 }: RacersOptions = {}): Racer[] {
  const betas = [beta, 0.999] as const;
  return [
    { name: 'GD', lr: 0.01, optimizer: (w, lr) => new SGD(w, { lr }), ...optimizerLooks.GD },
    {
      name: 'momentum',
      lr: 0.01,
      optimizer: (w, lr) => new SGD(w, { lr, momentum: beta }),
      ...optimizerLooks.momentum,
    },
    {
      name: 'Nesterov',
      lr: 0.01,
      optimizer: (w, lr) => new SGD(w, { lr, momentum: beta, nesterov: beta > 0 }),
      ...optimizerLooks.Nesterov,
    },
    { name: 'AdaGrad', lr: 1, optimizer: (w, lr) => new Adagrad(w, { lr }), ...optimizerLooks.AdaGrad },
    {
      name: 'RMSprop',
      lr: 0.1,
      optimizer: (w, lr) => new RMSprop(w, { lr, alpha: beta }),
      ...optimizerLooks.RMSprop,
    },
    {
      name: 'Adam',
      lr: 1,
      optimizer: (w, lr) => new Adam(w, { lr, betas }),
      ...optimizerLooks.Adam,
    },
    {
      name: 'AdamW',
      lr: 1,
      optimizer: (w, lr) => new AdamW(w, { lr, betas, weightDecay }),
      ...optimizerLooks.AdamW,
    },
  ];
}
