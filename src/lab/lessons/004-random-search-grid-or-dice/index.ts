export { looks, type MapAxis, mapFigure, shadowsFigure, triesFigure } from './figures';
export {
  type Contest,
  type GridPlacesOptions,
  gridPlaces,
  lowest,
  nearest,
  type Places,
  type PlacesOptions,
  shareAhead,
  shuffledPlaces,
  thrownPlaces,
} from './places';
export { errorOn, LossMap, type WaveErrorsOptions, waveErrors, waveNet, wavePoints } from './wave';
