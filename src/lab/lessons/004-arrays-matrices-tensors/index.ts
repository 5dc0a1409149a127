export { type HiddenGroup, type HiddenSpaceOptions, hiddenSpace } from './hidden-space';
export { type LinedUp, lineUp, type ShapeTableOptions, shapeTable } from './line-up';
export { readout, shareTold } from './readout';
export { type RoundsOptions, type RoundsRow, rounds } from './rounds';
export { bestCut, type Cut, unroll } from './unroll';
