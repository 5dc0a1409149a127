export { arrowColumns, fanFigure, patternField } from './figures';
export {
  type Bend,
  batchSlopes,
  type LayerPass,
  type LearningOptions,
  type Moment,
  type Pass,
  type PassOptions,
  passOf,
  shareInBatches,
  shareOfOneSign,
  whileLearning,
} from './nets';
export { openPatterns, patternOf } from './patterns';
