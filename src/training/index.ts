export type { Controllable, EpochDisplay } from '../display';
export type { ArrivingData, Batch, BatchOptions, Rows, TrainingData } from './batches';
export type { Callback, EpochFunction, HookName, Logs, Run } from './callbacks/callback';
export { type EarlyStoppingOptions, earlyStopping } from './callbacks/early-stopping';
export { type CheckpointsOptions, checkpoints, csv } from './callbacks/files';
export type { MonitorOptions } from './callbacks/monitoring';
export { type ReduceOnPlateauOptions, reduceOnPlateau } from './callbacks/reduce-on-plateau';
export { type WeightAveraging, type WeightAveragingOptions, weightAveraging } from './callbacks/weight-averaging';
export type { CheckpointOptions } from './checkpointing';
export { type EvaluateOptions, type Evaluation, type EvaluationOf, evaluate } from './evaluate';
export { type FitOptions, fit } from './fit';
export { type FitAsyncOptions, fitAsync, type TrainingRun } from './fit-async';
export type { History, HistoryOf, LogName, MetricValue } from './history';
export type { Clip, Fitted, TrainStep } from './loop';
export { type FoundRates, type LrFinderOptions, lrFinder } from './lr-finder';
export * as metrics from './metrics';
export type { Metric, MetricFunction, Metrics, Tally } from './metrics/tally';
export type { Conventions } from './model/conventions';
export {
  KerasAdam,
  type KerasAdamOptions,
  KerasAdamW,
  type KerasAdamWOptions,
  type KerasClipOptions,
  KerasRMSprop,
  type KerasRMSpropOptions,
  KerasSGD,
  type KerasSGDOptions,
} from './model/keras-optimizers';
export type { LossName } from './model/losses';
export {
  type CompileOptions,
  type MetricName,
  type MetricsOf,
  Model,
  type ModelFitOptions,
  type ModelOptions,
  type OptimizerName,
} from './model/model';
export type { Loss, Net } from './net';
export { TextTable } from './table';
export { Trace, type TracedCall, trace } from './trace';
export type { ClassWeight, WeightedBy } from './weighting';
