export { type Landscape, type LandscapeDefinition, landscape, landscapes } from './landscapes';
export { type RaceOptions, type RaceResult, type Run, race } from './race';
export { type Racer, type RacersOptions, racers } from './racers';
export { type TuneRatesOptions, type Tuning, tuneRates } from './tune';
