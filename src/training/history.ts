import type { Metric, Metrics } from './metrics/tally';

/** One number of each kind for each epoch. Accuracies are there where the net gives scores of classes and no metrics are asked for. */
export interface History {
  /** The mean loss of a row, each before the step that its batch led to. */
  loss: number[];
  /** The share of right answers, in the same moment. */
  accuracy?: number[];
  /** The mean loss of the validation data at the end of the epoch. */
  valLoss?: number[];
  /** The share of right answers for the validation data. */
  valAccuracy?: number[];
  /** The learning rate of the optimizer's first group at the epoch's last step, where there is a scheduler. */
  lr?: number[];
}

/** What a metric measures: a number, or a table for each epoch. */
export type MetricValue<T> = T extends Metric<infer V> ? V : number;

/** A history with the numbers of metrics, and `val…` of those of the validation. */
export type HistoryOf<M extends Metrics> = History & { [K in keyof M]: MetricValue<M[K]>[] } & {
  [K in keyof M & string as `val${Capitalize<K>}`]?: MetricValue<M[K]>[];
};

/** Of metrics, the names of those that are numbers. */
type Numbers<M extends Metrics> = { [K in keyof M & string]: MetricValue<M[K]> extends number ? K : never }[keyof M &
  string];

/** The names of the numbers that an epoch with these metrics has. */
export type LogName<M extends Metrics> =
  | 'loss'
  | 'valLoss'
  | 'lr'
  | (string extends keyof M ? 'accuracy' | 'valAccuracy' : Numbers<M> | `val${Capitalize<Numbers<M>>}`);
