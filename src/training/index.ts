export type { EpochDisplay } from '../display';
export * from '../moved/training';
export type { Batch, BatchOptions, TrainingData } from './batches';
export { type EvaluateOptions, type Evaluation, evaluate, type Loss, type Net } from './evaluate';
export { type FitOptions, type Fitted, fit, type History } from './fit';
export { type FoundRates, type LrFinderOptions, lrFinder } from './lr-finder';
