export { defaultGenerator, Generator, initialSeed, manualSeed } from './generator';
export { fillIntegers, fillPermutation } from './integers';
export { fillNormal } from './normal';
export { fillUniform } from './uniform';
