export { iceCream, offsetOf, type Thermometer, thermometers } from './days';
export { bowlFigure, daysFigure, turned } from './figures';
export { type LineBowl, lineBowl, type StepsOptions, stepsToBottom } from './line-bowl';
