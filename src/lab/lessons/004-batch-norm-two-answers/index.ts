export { answersAmong, around, type CornerNet, type CornerOptions, corners, rowsAround, trainCorners } from './corners';
export { inWords, type OddsOptions, oddsCurves } from './odds';
