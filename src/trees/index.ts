export { BaggingClassifier, type BaggingOptions, BaggingRegressor } from './bagging';
export type { BoostingOptions } from './boosting';
export {
  DecisionTreeClassifier,
  type DecisionTreeClassifierOptions,
  DecisionTreeRegressor,
  type FitOptions,
} from './decision-tree';
export type { DrawOptions } from './ensemble';
export {
  GradientBoostingClassifier,
  GradientBoostingRegressor,
  type GradientBoostingRegressorOptions,
} from './gradient-boosting';
export type { Split, Tree } from './grown-tree';
export { type Impurities, type ImpurityOptions, impurity } from './impurity';
export type { ModelJson, TreeJson } from './json';
export type { TreeOptions } from './options';
export {
  type PermutationImportance,
  type PermutationImportanceOptions,
  permutationImportance,
} from './permutation-importance';
export {
  RandomForestClassifier,
  type RandomForestClassifierOptions,
  RandomForestRegressor,
  type RandomForestRegressorOptions,
} from './random-forest';
export type { Estimator } from './score';
