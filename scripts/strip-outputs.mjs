// A filter for git: reads a notebook from standard input, and writes it without outputs, counts and widget states.
// tools/notebooks/README.md has the commands that configure git.
import { readFileSync } from 'node:fs';
import { asRead, notebookText } from '../tools/notebooks/notebook-file.mjs';

// Without a file name, ids stay unchanged.
const notebook = asRead(JSON.parse(readFileSync(0, 'utf8')), '');
const { widgets, ...metadata } = notebook.metadata;
const cells = notebook.cells.map((cell) =>
  cell.cell_type === 'code' ? { ...cell, execution_count: null, outputs: [] } : cell,
);
process.stdout.write(notebookText({ ...notebook, metadata, cells, nbformat_minor: 5 }, ''));
