export { type ShapeStep, type ShapesOptions, shapes } from './shapes';
