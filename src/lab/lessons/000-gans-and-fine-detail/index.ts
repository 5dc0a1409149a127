export { type Gan1d, type Gan1dOptions, type Gan1dSnapshot, gan1d } from './gan1d';
