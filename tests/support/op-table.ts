// Test files of the library share its modules, so that each worker loads them once. Operations that a file defines for
// its own tests are removed at its end, because other files iterate over the table. A file that leaves a changed switch
// of the library or of V8 fails, instead of later files.
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

// Two tensors are equal if they are the same object: vitest would compare their rows, which are new objects each time.
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
