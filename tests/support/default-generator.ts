// Resets the default generator, so that a test without its own generator draws the same numbers alone or among others.
import { beforeEach } from 'vitest';
import { defaultGenerator } from '../../src/generator';

defaultGenerator.manualSeed(420);
beforeEach(() => {
  defaultGenerator.manualSeed(420);
});
