export { type CountPiecesOptions, countPieces } from './count-pieces';
export { tent } from './tent';
