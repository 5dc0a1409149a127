export { sineShare } from './sine-share';
export { type WavesOptions, waves } from './waves';
