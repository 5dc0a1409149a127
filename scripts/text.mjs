// Writes a notebook as text beside it, or the notebook that a text describes:
//   npm run text -- notebooks/002-gradient-descent/q-momentum-heavy-ball.ipynb     writes q-momentum-heavy-ball.md
//   npm run text -- notebooks/002-gradient-descent/q-momentum-heavy-ball.md        writes q-momentum-heavy-ball.ipynb
// Several files are written one after the other; one that cannot be is named, and the others are written all the same. Only notebooks are
// committed.
import { existsSync, readFileSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import { writeIfChanged } from '../kernel-setup/setup/files.mjs';
import { paths } from '../kernel-setup/setup/index.mjs';
import { measuringCells } from '../tools/notebooks/cell-addresses.mjs';
import { readClaimsList } from '../tools/notebooks/claims.mjs';
import { withGenerated } from '../tools/notebooks/generated-pages.mjs';
import { entryOf, readMap } from '../tools/notebooks/map.mjs';
import { cleanNotebook, notebookText, readNotebook } from '../tools/notebooks/notebook-file.mjs';
import { fromText, toText } from '../tools/notebooks/notebook-text.mjs';

const files = process.argv.slice(2).map((given) => resolve(given));
if (files.length === 0) fail('give the paths of notebooks, .ipynb, or of their texts, .md');
for (const file of new Set(files))
  try {
    convert(file);
  } catch (error) {
    fail(`${relative(process.cwd(), file)}: ${error.message}`);
  }

function fail(reason) {
  console.error(`✗ ${reason}`);
  process.exitCode = 1;
}

function convert(file) {
  const [, stem, kind] = /^(.*)\.(ipynb|md)$/.exec(file) ?? [];
  if (kind === undefined) throw new Error('give the path of a notebook, .ipynb, or of its text, .md');
  // The second would be overwritten by the first, which may be newer.
  const other = `${stem}.${kind === 'md' ? 'ipynb' : 'md'}`;
  if (files.includes(other)) throw new Error('give the notebook or its text, not both');
  write(other, kind === 'md' ? notebookOf(file) : toText(readNotebook(file)));
}

function notebookOf(textFile) {
  const notebook = textFile.replace(/\.md$/, '.ipynb');
  const made = fromText(
    readFileSync(textFile, 'utf8'),
    existsSync(notebook) ? readNotebook(notebook) : undefined,
    notebook,
  );
  const map = readMap(paths.notebooks);
  const entry = entryOf(map, relative(paths.notebooks, notebook).replaceAll(sep, '/'));
  const { entries: claims } = readClaimsList(join(paths.notebooks, 'claims.json'));
  const from = { root: paths.notebooks, map, entry, claims, cellOf: measuringCells(paths.notebooks) };
  return notebookText(cleanNotebook(entry ? withGenerated(made, from) : made), notebook);
}

function write(target, text) {
  console.log(`${relative(process.cwd(), target)} ${writeIfChanged(target, text) ? 'written' : 'is unchanged'}`);
}
