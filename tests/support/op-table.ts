// Test files of the library share its modules, so that each worker loads them once. Operations that a file defines for
// its own tests leave the table with it: other files go through all that there are. A file that leaves a switch of the library, or
// of V8, in another position fails, not those that come after it.
import { runInNewContext } from 'node:vm';
import { afterAll, expect } from 'vitest';
import {
  areDeterministicAlgorithmsEnabled,
  getNumThreads,
  setDetectAnomaly,
  setGradEnabled,
  setNumThreads,
  Tensor,
  useDeterministicAlgorithms,
} from '../../src';
import { gradMode } from '../../src/autograd/mode';
import { opTable } from '../../src/ops/table/table';

// Two tensors are equal if they are the same one: vitest would compare their rows, which are new ones each time.
expect.addEqualityTesters([(a, b) => (a instanceof Tensor && b instanceof Tensor ? a === b : undefined)]);

const known = new Set(opTable.keys());

const switches = () => ({
  ...gradMode,
  areAlgorithmsDeterministic: areDeterministicAlgorithmsEnabled(),
  threads: getNumThreads(),
  gcOfNewContexts: runInNewContext('typeof gc') as string,
});
const before = switches();

afterAll(() => {
  for (const name of opTable.keys()) if (!known.has(name)) opTable.delete(name);
  const after = switches();
  setGradEnabled(before.recording);
  setDetectAnomaly(before.anomaly !== 'off');
  useDeterministicAlgorithms(before.areAlgorithmsDeterministic);
  setNumThreads(before.threads);
  expect(after, 'the switches that this file leaves to the next').toEqual(before);
});
