import { drawingMethods } from '../table/batching';

// Random numbers for the elements of a tensor: one example after the other, as vmap defines them.
for (const name of 'uniform_ normal_ random_ bernoulli_ exponential_ geometric_ cauchy_ logNormal_ bernoulli multinomial'.split(
  ' ',
))
  drawingMethods.add(name);
