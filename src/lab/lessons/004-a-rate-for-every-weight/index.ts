export { type SparseRegressionOptions, sparseRegression } from './sparse-regression';
