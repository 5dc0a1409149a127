export { defaultGenerator, Generator, initialSeed, manualSeed, seed } from '../generator';
export {
  fillBernoulli,
  fillBernoulliEach,
  fillCauchy,
  fillExponential,
  fillGeometric,
  fillLogNormal,
} from './distributions';
export { fillBeta, fillDirichlet, fillGamma } from './gamma';
export { fillIntegers, fillPermutation, fillWhole } from './integers';
export { fillLargest, fillWithReplacement } from './multinomial';
export { fillNormal } from './normal';
export { fillUniform } from './uniform';
