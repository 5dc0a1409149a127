// Writes the generated part of docs/: operations, PyTorch's names, pages of functions and classes with their examples, the calls
// of a training.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { openFigurePage } from '../kernel-setup/figures/draw.mjs';
import { bundleSources } from '../kernel-setup/setup/bundle.mjs';
import { paths } from '../kernel-setup/setup/paths.mjs';
import { readApi } from '../tools/reference/api.mjs';
import { readDeclared } from '../tools/reference/declarations.mjs';
import { altsOf, figuresOf, textsOf, writeFigures } from '../tools/reference/draw-figures.mjs';
import { byFamily } from '../tools/reference/families.mjs';
import { examplesOf, familyPage, familyPages } from '../tools/reference/family-pages.mjs';
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
  const declared = readDeclared();
  const families = [...byFamily(declared)];
  const drawing = families.filter(([{ draws }]) => draws).flatMap(([, own]) => own);
  const figures = join(paths.root, 'docs', 'reference', 'figures');
  await writeFigures(await figuresOf(drawing, folder), figures, openFigurePage);
  const texts = new Map();
  for (const [family, own] of families.filter(([{ draws }]) => !draws))
    texts.set(familyPage(family), await textsOf(examplesOf(own), folder));
  const from = {
    altOf: (name) => altsOf(figures, name),
    outputOf: (page, heading) => texts.get(page)?.get(heading),
  };
  for (const [name, text] of familyPages(declared, from)) write(name, text);
} finally {
  rmSync(folder, { recursive: true });
}
