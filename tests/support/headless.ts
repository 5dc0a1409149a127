// Notebooks run by `jupyter execute`, in the environment of a user without this project.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

/**
 * Writes a notebook for the kernel gradlab.
 * @param sources of its code cells
 */
export function writeNotebook(file: string, sources: readonly string[]): void {
  const notebook = {
    cells: sources.map((source, i) => ({
      cell_type: 'code',
      id: `cell-${i}`,
      execution_count: null,
      metadata: {},
      outputs: [],
      source,
    })),
    metadata: { kernelspec: { name: 'gradlab', display_name: 'TypeScript (gradlab)', language: 'typescript' } },
    nbformat: 4,
    nbformat_minor: 5,
  };
  fs.writeFileSync(file, JSON.stringify(notebook));
}

/**
 * The environment of a user's shell: with its own home folder, and no variables of Jupyter or of a Python environment.
 */
export function shellOf(home: string, more: Record<string, string> = {}): NodeJS.ProcessEnv {
  const others = /^(JUPYTER|VIRTUAL_ENV|CONDA|npm_|PYTHON|IPYTHON|XDG_)/;
  const kept = Object.entries(process.env).filter(([name]) => !others.test(name));
  return { ...Object.fromEntries(kept), HOME: home, ...more };
}

/**
 * Executes a notebook; returns the notebook with its outputs, as text.
 * @throws with Jupyter's output if a cell fails
 */
export function executeNotebook(python: string, file: string, env: NodeJS.ProcessEnv): string {
  const executed = path.join(path.dirname(file), 'executed.ipynb');
  const run = 'import sys; from nbclient.cli import main; sys.exit(main())';
  execFileSync(python, ['-c', run, `--output=${executed}`, file], { env, stdio: 'pipe' });
  return fs.readFileSync(executed, 'utf8');
}
