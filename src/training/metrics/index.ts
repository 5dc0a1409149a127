export {
  type AveragedMetricOptions,
  accuracy,
  type ClassMetricOptions,
  confusion,
  f1,
  precision,
  recall,
  topK,
} from './classes';
export { mae, mse, r2, rmse } from './regression';
