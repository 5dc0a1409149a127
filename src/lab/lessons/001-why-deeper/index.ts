export { type ChirpsOptions, chirps } from './chirps';
export { type CountPiecesOptions, countPieces } from './count-pieces';
export { colouredLine, type FoldedStripOptions, foldedStrip, stripAt } from './folded-strip';
export { type SpectrogramOptions, spectrogram } from './spectrogram';
export { tent } from './tent';
