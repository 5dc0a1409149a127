export { type BlameGraphOptions, type BlameNode, type BlameWay, blameGraph } from './blame-graph';
export { type ShapeStep, type ShapesOptions, shapes } from './shapes';
