// The exercises can be solved: with the answers of its last cell, each notebook's checks pass.
import fs from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { paths } from '../../kernel-setup/setup/index.mjs';
import { makeFolder, runNotebooks } from '../support/notebooks';

interface Cell {
  id: string;
  source: string[];
  outputs?: { data?: { 'text/plain'?: string[] } }[];
}

/** By notebook: what stands in a cell, and what its solution puts in the place. */
const answers: Record<string, [cell: string, given: string, answer: string][]> = {
  '000-machine-learning/01-backpropagation-four-ways.ipynb': [
    ['ex1', 'tensor(0)', 'x.pow(5).mul(g).sum()'],
    ['ex2', '    optimizer.zeroGrad();', '    const optimizer = new optim.RMSprop(net.parameters(), { lr: lr });'],
    ['ex3', '= 0;', '= 2 * 2000 / lambda;'],
  ],
};

const checks = (cells: Cell[]) =>
  cells.flatMap(({ source, outputs = [] }) =>
    source.some((line) => line.startsWith('check('))
      ? outputs.map(({ data }) => [data?.['text/plain']].flat().join(''))
      : [],
  );

describe.each(Object.entries(answers))('%s', (name, solved) => {
  const committed = JSON.parse(fs.readFileSync(path.join(paths.notebooks, name), 'utf8')) as { cells: Cell[] };
  let remove = () => {};
  afterAll(() => remove());

  it('has three exercises, unsolved', () => {
    const shown = checks(committed.cells);
    expect(shown).toHaveLength(3);
    for (const text of shown) expect(text).toMatch(/^… Not yet\. \w/);
  });

  it('says “Right” to the answers it gives', async () => {
    const notebook = structuredClone(committed);
    const solutions = notebook.cells.at(-1)!.source.join('');
    for (const [id, given, answer] of solved) {
      const cell = notebook.cells.find((one) => one.id === id)!;
      const source = cell.source.join('');
      expect(source, id).toContain(given);
      cell.source = [id === 'ex2' ? source.replace(given, `${answer}\n${given}`) : source.replace(given, answer)];
      const inWords = answer
        .replace(/^= |;$/g, '')
        .split('\n')
        .at(-1)!
        .replace(/^ *return /, '');
      if (id !== 'ex2') expect(solutions, id).toContain(`\`${inWords}\``);
    }
    const folder = makeFolder({ [name]: notebook }, claimsOf(name));
    remove = folder.remove;
    const { code, output } = await runNotebooks(['--root', folder.root, '--update']);
    expect(code, output).toBe(0);
    expect(checks(folder.json(name).cells)).toEqual(['✓ Right.', '✓ Right.', '✓ Right.']);
  }, 300_000);
});

function claimsOf(name: string): unknown[] {
  const all = JSON.parse(fs.readFileSync(path.join(paths.notebooks, 'claims.json'), 'utf8')) as { notebook: string }[];
  return all.filter(({ notebook }) => notebook === name);
}
