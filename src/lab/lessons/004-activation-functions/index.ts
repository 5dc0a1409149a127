export { type Activation, activations, lookOf } from './activations';
export { bendFigure, bent, rightRows, xor } from './bend';
export { normalMean, rmsSlope, slopesOverCrowd } from './crowd';
export { deadAt, type FitSineOptions, fitSine, type KinkNow, kinkCourse, rows } from './dying';
export { type FunctionsAndSlopesOptions, functionsAndSlopes } from './functions-and-slopes';
export { partedShares } from './parted';
export { type RaceCourse, raceFigure } from './race-figure';
export { bestWalk, type Pair, type Walk, walk, walkMaps } from './walks';
export { type Left, share, whatIsLeft } from './what-is-left';
