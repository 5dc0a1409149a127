export { type ChirpsOptions, chirps } from './chirps';
export { type SpectrogramOptions, spectrogram } from './spectrogram';
