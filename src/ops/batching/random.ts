import { drawingMethods } from '../table/batching';

// Random numbers for the elements of a tensor: those of the examples one after the other, as vmap wants them.
for (const name of 'uniform_ normal_ random_ bernoulli_ exponential_ geometric_ cauchy_ logNormal_ bernoulli multinomial'.split(
  ' ',
))
  drawingMethods.add(name);
