export { type CallsFigureOptions, callsFigure, ownCalls } from './calls';
export { layers } from './layers';
export { ringNet, twoRings } from './rings';
