import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { jupyterEnv, makeContext, paths } from '../../../kernel-setup/setup/index.mjs';
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
      code.raise('what went wrong'),
      code.declare('last', 1),
    ];
    const script = fileURLToPath(new URL('run_notebook.py', import.meta.url));
    const text = execFileSync(paths.venvPython, [script, specName], {
      input: JSON.stringify(makeNotebook(cells)),
      env: jupyterEnv(makeContext()),
      cwd: paths.notebooks,
      encoding: 'utf8',
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    const run: RunCell[] = JSON.parse(text).cells;
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
