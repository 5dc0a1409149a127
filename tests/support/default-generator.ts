// Whatever a test draws without a generator of its own, it draws the same each time, alone or among others.
import { beforeEach } from 'vitest';
import { defaultGenerator } from '../../src/generator';

defaultGenerator.manualSeed(420);
beforeEach(() => {
  defaultGenerator.manualSeed(420);
});
