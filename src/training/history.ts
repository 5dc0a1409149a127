import type { Metric, Metrics } from './metrics/tally';

/** Numbers per epoch. Accuracies are present if the net returns class scores and no metrics are given. */
export interface History {
  /** The mean loss of a row, each measured before the step of its batch. */
  loss: number[];
  /** The fraction of correct answers, measured at the same time. */
  accuracy?: number[];
  /** The mean loss of the validation data at the end of the epoch. */
  valLoss?: number[];
  /** The fraction of correct answers for the validation data. */
  valAccuracy?: number[];
  /** The learning rate of the optimizer's first group at the epoch's last step; present with a scheduler. */
  lr?: number[];
}

/** The value of a metric: a number, or a table, per epoch. */
export type MetricValue<T> = T extends Metric<infer V> ? V : number;

/** A history with metrics, and `val…` for those of the validation. */
export type HistoryOf<M extends Metrics> = History & { [K in keyof M]: MetricValue<M[K]>[] } & {
  [K in keyof M & string as `val${Capitalize<K>}`]?: MetricValue<M[K]>[];
};

/** The names of the metrics whose values are numbers. */
type Numbers<M extends Metrics> = { [K in keyof M & string]: MetricValue<M[K]> extends number ? K : never }[keyof M &
  string];

/** The names of the numbers of an epoch with these metrics. */
export type LogName<M extends Metrics> =
  | 'loss'
  | 'valLoss'
  | 'lr'
  | (string extends keyof M ? 'accuracy' | 'valAccuracy' : Numbers<M> | `val${Capitalize<Numbers<M>>}`);
