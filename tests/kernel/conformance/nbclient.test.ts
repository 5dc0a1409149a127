import path from 'node:path';
import { expect } from 'vitest';
import { paths } from '../../../kernel-setup/setup/index.mjs';
import { executeNotebook } from '../../../tools/notebooks/execute.mjs';
import { makeNotebook } from '../../support/notebooks';
import { specName } from './client/kernel';
import { check, code } from './harness';

interface RunCell {
  execution_count: number;
  outputs: { output_type: string; [field: string]: unknown }[];
}

check(
  'nbclient',
  async () => {
    const cells = [
      '1 + 1',
      `${code.print('to stdout')}\n${code.printError('to stderr')}`,
      code.display({ 'text/html': '<b>shown</b>', 'text/plain': 'shown' }),
      { source: code.raise('what went wrong'), tags: ['raises-exception'] }, // nbclient continues after it
      code.declare('last', 1),
    ];
    const file = path.join(paths.notebooks, 'a.ipynb');
    const { notebook, error } = await executeNotebook(makeNotebook(cells), { file, kernel: specName, timeout: 300 });
    expect(error).toBeNull();
    const run = (notebook as { cells: RunCell[] }).cells;
    expect(run.map((cell) => cell.execution_count)).toEqual([1, 2, 3, 4, 5]);
    expect(run.map((cell) => cell.outputs)).toEqual([
      [{ output_type: 'execute_result', execution_count: 1, data: { 'text/plain': '2' }, metadata: {} }],
      expect.arrayContaining([
        expect.objectContaining({ output_type: 'stream', name: 'stdout' }),
        expect.objectContaining({ output_type: 'stream', name: 'stderr' }),
      ]),
      [expect.objectContaining({ output_type: 'display_data', metadata: {} })],
      [expect.objectContaining({ output_type: 'error', evalue: 'what went wrong' })],
      [],
    ]);
  },
  { seconds: 180 },
);
