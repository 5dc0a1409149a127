// Writes the generated part of docs/: operations, PyTorch's names, figures with their examples, the calls of a training.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { openFigurePage } from '../kernel-setup/figures/draw.mjs';
import { bundleSources } from '../kernel-setup/setup/bundle.mjs';
import { paths } from '../kernel-setup/setup/paths.mjs';
import { readApi } from '../tools/reference/api.mjs';
import { altsOf, figuresOf, writeFigures } from '../tools/reference/draw-figures.mjs';
import { readFigureFunctions } from '../tools/reference/figure-functions.mjs';
import { figuresReference } from '../tools/reference/figures-reference.mjs';
import { opsReference } from '../tools/reference/ops-reference.mjs';
import { pytorchReference } from '../tools/reference/pytorch-reference.mjs';
import { trainingReference } from '../tools/reference/training-reference.mjs';

const require = createRequire(import.meta.url);
const source = (name) => join(paths.sources, name);
// Inside the project, so that its packages are found.
const folder = mkdtempSync(join(paths.state, 'op-table-'));
try {
  // The table is not a public name, so it has a separate entry point here.
  await bundleSources(paths, { index: source('index.ts'), table: source('ops/table/table.ts') }, { dir: folder });
  const gradlab = require(join(folder, 'index.js'));
  const { opTable } = require(join(folder, 'table.js'));
  const api = readApi();
  const write = (name, text) => writeFileSync(join(paths.root, 'docs', name), text);
  write('ops.md', opsReference(api, opTable));
  write('pytorch.md', pytorchReference(api));
  write('training.md', trainingReference(gradlab));
  const functions = readFigureFunctions();
  const figures = join(paths.root, 'docs', 'reference', 'figures');
  await writeFigures(await figuresOf(functions, folder), figures, openFigurePage);
  for (const [name, text] of figuresReference(functions, (one) => altsOf(figures, one))) write(name, text);
} finally {
  rmSync(folder, { recursive: true });
}
