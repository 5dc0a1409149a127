export { arrowsFigure, pathFigure } from './figures';
export { cone, opposite, type Row, rates, shortestWalk, type WalkOptions, walk } from './rows';
