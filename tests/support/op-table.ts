// Test files of the library share its modules, so that each worker loads them once. Operations that a file defines for
// its own tests leave the table with it: other files go through all that there are.
import { afterAll } from 'vitest';
import '../../src';
import { opTable } from '../../src/ops/table';

const known = new Set(opTable.keys());

afterAll(() => {
  for (const name of opTable.keys()) if (!known.has(name)) opTable.delete(name);
});
