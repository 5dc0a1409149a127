// Writes a notebook as text beside it, or the notebook that a text describes:
//   npm run text -- notebooks/002-gradient-descent/02-how-large-a-step.ipynb     writes 02-how-large-a-step.md
//   npm run text -- notebooks/002-gradient-descent/02-how-large-a-step.md        writes 02-how-large-a-step.ipynb
// Only the notebook is committed.
import { existsSync, readFileSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import { writeIfChanged } from '../kernel-setup/setup/files.mjs';
import { paths } from '../kernel-setup/setup/index.mjs';
import { readClaimsList } from '../tools/notebooks/claims.mjs';
import { withGenerated } from '../tools/notebooks/generated-pages.mjs';
import { entryOf, readMap } from '../tools/notebooks/map.mjs';
import { cleanNotebook, notebookText, readNotebook } from '../tools/notebooks/notebook-file.mjs';
import { fromText, toText } from '../tools/notebooks/notebook-text.mjs';

const [given] = process.argv.slice(2);
const file = resolve(given ?? '');
try {
  if (file.endsWith('.ipynb')) write(file.replace(/\.ipynb$/, '.md'), toText(readNotebook(file)));
  else if (file.endsWith('.md')) write(file.replace(/\.md$/, '.ipynb'), notebookOf(file));
  else throw new Error('give the path of a notebook, .ipynb, or of its text, .md');
} catch (error) {
  console.error(`✗ ${error.message}`);
  process.exitCode = 1;
}

function notebookOf(textFile) {
  const notebook = textFile.replace(/\.md$/, '.ipynb');
  const made = fromText(readFileSync(textFile, 'utf8'), existsSync(notebook) ? readNotebook(notebook) : undefined);
  const map = readMap(paths.notebooks);
  const entry = entryOf(map, relative(paths.notebooks, notebook).replaceAll(sep, '/'));
  const { entries: claims } = readClaimsList(join(paths.notebooks, 'claims.json'));
  const from = { root: paths.notebooks, map, entry, claims };
  return notebookText(cleanNotebook(entry ? withGenerated(made, from) : made), notebook);
}

function write(target, text) {
  console.log(`${relative(process.cwd(), target)} ${writeIfChanged(target, text) ? 'written' : 'is unchanged'}`);
}
