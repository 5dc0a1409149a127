// Runs the PyTorch blocks of notebooks in a Python that has torch, and compares what they print with what the pages show:
//   npm run pytorch -- --python .venv-torch/bin/python                 compares, and ends with 1 where something differs
//   npm run pytorch -- --python .venv-torch/bin/python --write         writes what they print into notebooks and record
//   npm run pytorch -- --python .venv-torch/bin/python --write 004     only those whose path has this in it
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { toJson, writeIfChanged } from '../kernel-setup/setup/files.mjs';
import { paths } from '../kernel-setup/setup/index.mjs';
import { cleanNotebook, notebookText, readNotebook } from '../tools/notebooks/notebook-file.mjs';
import { findNotebooks } from '../tools/notebooks/options.mjs';
import { blockProblems, blocksOf, recordOf, runBlocks, withOutputs } from '../tools/notebooks/pytorch-blocks.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { python: { type: 'string' }, write: { type: 'boolean', default: false } },
});
if (values.python === undefined) {
  console.error('✗ give a Python that has torch: --python PATH');
  process.exit(1);
}
const file = join(paths.root, 'tests', 'notebooks', 'data', 'pytorch-blocks.json');
const before = JSON.parse(readFileSync(file, 'utf8'));
const record = {};
for (const name of findNotebooks(paths.notebooks)) {
  const isAsked = positionals.length === 0 || positionals.some((part) => name.includes(part));
  if (!isAsked && before[name]) record[name] = before[name];
  if (isAsked) run(name, values.python);
}
if (values.write) writeIfChanged(file, toJson(record));

function run(name, python) {
  const path = join(paths.notebooks, name);
  const notebook = readNotebook(path);
  const blocks = blocksOf(notebook);
  if (blocks.length === 0) return;
  try {
    const outputs = runBlocks(
      python,
      blocks.map(({ code }) => code),
    );
    record[name] = recordOf(blocks, outputs);
    if (values.write) writeIfChanged(path, notebookText(cleanNotebook(withOutputs(notebook, outputs)), path));
    const problems = values.write ? [] : blockProblems(notebook, record[name]);
    for (const problem of problems) console.error(`✗ ${name}: ${problem}`);
    if (problems.length > 0) process.exitCode = 1;
    else console.log(`✓ ${name}: ${blocks.length} blocks`);
  } catch (error) {
    if (before[name]) record[name] = before[name];
    console.error(`✗ ${name}: ${error.message}`);
    process.exitCode = 1;
  }
}
