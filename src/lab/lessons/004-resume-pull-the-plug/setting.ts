import { BatchNorm1d, Dropout, Linear, Sequential, Tanh } from '../../../nn';
import { mseLoss } from '../../../nn/functional';
import { Adam, lrScheduler } from '../../../optim';
import { Generator, manualSeed } from '../../../random';
import { earlyStopping, type FitOptions, type Rows } from '../../../training';
import { waves } from './run';

/**
 * A net with dropout and batch norm, rows, and training options: shuffled, with a decreasing rate and early stopping.
 */
export interface Setting {
  readonly net: Sequential;
  readonly rows: Rows;
  /** Rows used neither for training nor for validation. */
  readonly fresh: Rows;
  readonly options: FitOptions;
}

/** Rows that are not centred, as is common: around 3 instead of 0. */
const around3 = ({ x, y }: Rows): Rows => ({ x: x.add(3), y });

const double = { dtype: 'float64' } as const;

/**
 * A training that uses everything a checkpoint must save, before its first step: 12 epochs of 13 batches. The seed
 * determines the initial weights, the masks of dropout and the order of the rows; the rows are the same for all seeds.
 */
export function setting(seed: number): Setting {
  manualSeed(seed);
  const net = new Sequential(
    new Linear(2, 16, double),
    new BatchNorm1d(16, double),
    new Tanh(),
    new Dropout(0.1),
    new Linear(16, 1, double),
  );
  const optimizer = new Adam(net.parameters(), { lr: 0.02 });
  const options: FitOptions = {
    loss: mseLoss,
    optimizer,
    scheduler: new lrScheduler.CosineAnnealingLR(optimizer, 12),
    epochs: 12,
    batchSize: 16,
    generator: new Generator().manualSeed(1000 + seed),
    validation: around3(waves(7)),
    callbacks: [earlyStopping({ monitor: 'valLoss', patience: 4 })],
  };
  return { net, rows: around3(waves(51)), fresh: around3(waves(8)), options };
}
