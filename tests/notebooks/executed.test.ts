import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { paths } from '../../kernel-setup/setup/index.mjs';
import { runNotebooks } from '../support/notebooks';
import { notebooksDue } from '../support/reached.mjs';
import { allNotebooks, isAtHome, notebooksTaken } from '../support/turns.mjs';

// Three minutes each on an idle machine.
const fifteenMinutes = 900_000;
const node = Number(process.versions.node.split('.')[0]);
const writtenWith = (name: string): number | undefined =>
  JSON.parse(fs.readFileSync(path.join(paths.notebooks, name), 'utf8')).metadata.gradlab?.node;

async function expectSuccess(...args: string[]) {
  const { code, output } = await runNotebooks([...args, '--timeout', '800']);
  expect(code, output).toBe(0);
}

const due = notebooksDue();

// Concurrently, as many as there are cores: see `maxConcurrency`.
describe.concurrent('a notebook', () => {
  it(`is chosen, for ${due.length} of ${allNotebooks.length}`, () => expect(allNotebooks.length).toBeGreaterThan(0));

  it.each(due)(
    'runs under our kernel and reproduces its committed outputs: %s',
    async (name) => {
      // The last digits of Math.exp and the like may change with Node's major version.
      const comparable = writtenWith(name) === node;
      if (!comparable) console.warn(`${name}: outputs not compared, written under Node ${writtenWith(name)}`);
      await expectSuccess(path.join(paths.notebooks, name), ...(comparable ? ['--check'] : []));
    },
    fifteenMinutes,
  );

  it.each(isAtHome() ? due : notebooksTaken('stock tslab'))(
    'runs under stock tslab: %s',
    (name) => expectSuccess(path.join(paths.notebooks, name), '--kernel', 'tslab'),
    fifteenMinutes,
  );
});
