export { roundCloud, walk } from './cloud';
export { pathFigure, rowsFigure } from './cloud-figures';
export { iceCream, offsetOf, type Thermometer } from './days';
export { bowlFigure, daysFigure, turned } from './figures';
export { type LineBowl, lineBowl, type StepsOptions, stepsToBottom } from './line-bowl';
