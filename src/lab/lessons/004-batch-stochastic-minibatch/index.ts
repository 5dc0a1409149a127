export {
  distances,
  type NoisyLine,
  type NoisyLineOptions,
  noisyLine,
  sizes,
  type ValleyOptions,
  valley,
  type Walk,
} from './valley';
