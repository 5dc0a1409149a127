export { type CallsFigureOptions, callsFigure, ownCalls } from './calls';
export { layers, mixed, sizes } from './rows';
