// Writes docs/ops.md, docs/pytorch.md and docs/training.md from the declarations of the built library, from the op
// table and from a training.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { bundleSources } from '../kernel-setup/setup/bundle.mjs';
import { paths } from '../kernel-setup/setup/paths.mjs';
import { readApi } from '../tools/reference/api.mjs';
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
  writeFileSync(new URL('../docs/ops.md', import.meta.url), opsReference(api, opTable));
  writeFileSync(new URL('../docs/pytorch.md', import.meta.url), pytorchReference(api));
  writeFileSync(new URL('../docs/training.md', import.meta.url), trainingReference(gradlab));
} finally {
  rmSync(folder, { recursive: true });
}
