export { type Gan1d, type Gan1dOptions, type Gan1dSnapshot, type Gan1dTarget, gan1d } from './gan1d';
