export { type Bracket, bracketOf, chanceAhead } from './bracket';
export { bracketFigure, lastersFigure, momentsFigure, type Run } from './figures';
