export type { Batch, BatchOptions, TrainingData } from './batches';
export {
  type Activation,
  type DepthProfile,
  type DepthProfileOptions,
  depthProfile,
  type MeanFieldOptions,
  meanField,
} from './depth';
export { TrainingDisplay, type TrainingDisplayOptions, trainingDisplay } from './display';
export { type EvaluateOptions, type Evaluation, evaluate, type Loss, type Net } from './evaluate';
export { type FitOptions, type Fitted, fit, type History } from './fit';
export { type FoundRates, type LrFinderOptions, lrFinder } from './lr-finder';
export { type Perceptron, type PerceptronMistake, type PerceptronOptions, perceptron } from './perceptron';
export * from './race';
export { type UnitRaster, type UnitRasterOptions, unitRaster } from './unit-raster';
