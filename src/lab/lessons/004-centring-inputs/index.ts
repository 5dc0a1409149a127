export { cone, type Row, rates, shortestWalk, type WalkOptions, walk } from './cone';
export { arrowsFigure, pathFigure } from './cone-figures';
export { iceCream, offsetOf, type Thermometer } from './days';
export { bowlFigure, daysFigure, turned } from './figures';
export { type LineBowl, lineBowl, type StepsOptions, stepsToBottom } from './line-bowl';
