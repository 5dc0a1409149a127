export { arrowsFigure, pathFigure } from './figures';
export { cone, opposite, type Row, rates, shortestWalk, type WalkOptions, walk } from './rows';
export { descendInValleys, descendWithNoise, valleys, type WalkOfOne } from './valleys';
