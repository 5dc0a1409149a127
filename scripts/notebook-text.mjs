// Writes a notebook as text beside it, or the notebook that a text describes:
//   npm run text -- notebooks/002-gradient-descent/02-how-large-a-step.ipynb     writes 02-how-large-a-step.md
//   npm run text -- notebooks/002-gradient-descent/02-how-large-a-step.md        writes 02-how-large-a-step.ipynb
// Only the notebook is committed.
import { existsSync, readFileSync } from 'node:fs';
import { relative, resolve, sep } from 'node:path';
import { entryOf, readMap } from '../kernel-setup/runner/map.mjs';
import { cleanNotebook, notebookText, readNotebook } from '../kernel-setup/runner/notebook-file.mjs';
import { fromText, toText } from '../kernel-setup/runner/notebook-text.mjs';
import { withWays } from '../kernel-setup/runner/pages.mjs';
import { writeIfChanged } from '../kernel-setup/setup/files.mjs';
import { paths } from '../kernel-setup/setup/index.mjs';

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
  return notebookText(cleanNotebook(entry ? withWays(made, map, entry) : made), notebook);
}

function write(target, text) {
  console.log(`${relative(process.cwd(), target)} ${writeIfChanged(target, text) ? 'written' : 'is unchanged'}`);
}
