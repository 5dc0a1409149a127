// Test files of the library share its modules, so that each worker loads them once. Operations that a file defines for
// its own tests leave the table with it: other files go through all that there are.
import { afterAll, expect } from 'vitest';
import { Tensor } from '../../src';
import { opTable } from '../../src/ops/table/table';

// Two tensors are equal if they are the same one: vitest would compare their rows, which are new ones each time.
expect.addEqualityTesters([(a, b) => (a instanceof Tensor && b instanceof Tensor ? a === b : undefined)]);

const known = new Set(opTable.keys());

afterAll(() => {
  for (const name of opTable.keys()) if (!known.has(name)) opTable.delete(name);
});
