// What is written from the map and the list of claims: the cells that lead from one notebook to the others, the start
// page, the errata and the counts in README.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { readIfThere, writeIfChanged } from '../setup/files.mjs';
import { countClaims, readClaimsList } from './claims.mjs';
import { entryOf, neighbours, readMap, START_PAGE } from './map.mjs';
import { cleanNotebook, notebookText, readNotebook } from './notebook-file.mjs';

/** The ids of the two cells of each notebook that lead to others. */
export const WAY_IN = 'way-in';
export const WAY_ON = 'way-on';

/** The sources of these cells. */
export function wayCells(map, entry) {
  const { previous, next } = neighbours(map, entry);
  const from = dirname(entry.path);
  const start = posix.relative(from, START_PAGE);
  const before = entry.before.map((ref) => link(map, ref, from)).join(' · ');
  const ends = [
    previous ? `← ${link(map, previous.ref, from)}` : '',
    `[start page](${start})`,
    next ? `${link(map, next.ref, from)} →` : '',
  ];
  return {
    [WAY_IN]: `*What to know before: ${before || 'nothing'}*`,
    [WAY_ON]: ends.filter(Boolean).join(' · '),
  };
}

/** A notebook's number and title, as a link where there is one to follow. */
function link(map, ref, from) {
  const { path, title, state } = entryOf(map, ref);
  return state === 'ready' ? `[${ref} ${title}](${posix.relative(from, path)})` : `${ref} ${title}`;
}

/** The notebook with its cells that lead to others as the map has them: behind the title, and last. */
export function withWays(notebook, map, entry) {
  const sources = wayCells(map, entry);
  const cells = notebook.cells.map((cell) => (cell.id in sources ? { ...cell, source: sources[cell.id] } : cell));
  const has = (id) => cells.some((cell) => cell.id === id);
  if (!has(WAY_IN)) cells.splice(1, 0, markdownCell(WAY_IN, sources[WAY_IN]));
  if (!has(WAY_ON)) cells.push(markdownCell(WAY_ON, sources[WAY_ON]));
  return { ...notebook, cells };
}

const markdownCell = (id, source) => ({ cell_type: 'markdown', id, metadata: {}, source });

/** The start page's cells: what to play with, the learning order, how to read a verdict, TypeScript for Python's readers. */
function startPage(map) {
  const [order, any, last] = map.order;
  const row = (ref, i) => {
    const { before, state } = entryOf(map, ref);
    return `| ${i + 1} | ${link(map, ref, '')} | ${before.join(', ')} | ${state === 'ready' ? '' : 'planned'} |`;
  };
  const table = (refs, offset = 0) =>
    ['| | notebook | before | |', '|:--|:--|:--|:--|', ...refs.map((ref, i) => row(ref, i + offset))].join('\n');
  const ready = map.playFirst.filter((ref) => entryOf(map, ref).state === 'ready');
  const play = ready.length > 0 ? ready : map.playFirst;
  return [
    markdownCell(
      'title',
      `# Start here

Each notebook asks one question, lets you guess, and then lets you move something until you see the answer. Guess before
you look: click one of the three buttons. Then move the slider of the first figure; it works before any cell has run.
*Run → Run All Cells* measures everything anew.

**To play with first:** ${play.map((ref) => link(map, ref, '')).join(' · ')}`,
    ),
    markdownCell(
      'order',
      `## The learning order

It is not the order of the folders: those follow the notes.

${table(order)}

Then in any order:

${table(any, order.length)}

And the long note on neural networks, from its beginning:

${table(last, order.length + any.length)}`,
    ),
    markdownCell(
      'verdicts',
      `## How a verdict reads

Where a statement of the notes is checked, a table shows its id, a verdict, the measured numbers and the bounds they had
to keep.

| verdict | means |
|:--|:--|
| ✓ holds | as the note says |
| ◐ conditional | true if the condition in the sentence is met |
| ✗ wrong as written | the note is; the sentence beside it is the correction, and so are the numbers |
| ○ opinion | advice; the numbers say how far it carried here |
| · read, not run | no number decides it: reading it did |

[All corrections and conditions](errata.md), collected.`,
    ),
    markdownCell(
      'typescript',
      `## TypeScript, if you come from Python

| Python | TypeScript |
|:--|:--|
| \`lambda x: x.sin()\` | \`(x: Tensor) => x.sin()\`; after the colon stands the type |
| \`f"after {k} steps"\` | \`\` \`after \${k} steps\` \`\` |
| \`f(x, dtype="float64")\` | \`f(x, { dtype: "float64" })\` |
| \`[f(w) for w in start]\` | \`start.map((w) => f(w))\` |
| \`for i, w in enumerate(start)\` | \`for (const [i, w] of start.entries())\` |
| \`None\` | \`null\`; the \`!\` in \`w.grad!\` tells the type checker: not null here |
| \`a + b\`, \`a @ b\` of tensors | \`a.add(b)\`, \`a.matmul(b)\` |
| \`x[0, 1:5]\` | \`x.at(0, slice(1, 5))\` |`,
    ),
  ];
}

/** notebooks/errata.md: the corrections and the conditions of all notes. */
function errataPage(map, claims) {
  const sections = map.notes.flatMap(({ number, letter, title }) => {
    const ofNote = claims.filter(({ id }) => id.startsWith(letter));
    const lists = [
      errataList('Wrong as written, with the correction', ofNote, 'wrong'),
      errataList('Right under a condition', ofNote, 'conditional'),
    ].filter(Boolean);
    return lists.length > 0 ? [`## Note ${number}: ${title}`, ...lists] : [];
  });
  const head = `# Errata

What the notes have wrong, with the correction, and what is right under a condition that they leave out. Of ${claims.length}
statements: ${countClaims(claims)}. One that is open has the verdict that reading it suggests, until its notebook is there.

Written from \`claims.json\` by \`npm run pages\`.`;
  return `${[head, ...sections].join('\n\n')}\n`;
}

function errataList(heading, claims, verdict) {
  const rows = claims.filter((claim) => claim.verdict === verdict);
  if (rows.length === 0) return '';
  const line = ({ id, sentence, settled, notebook }) =>
    `| ${id} | ${sentence.replaceAll('|', '\\|')} | ${settled === 'open' ? 'open' : `[${settled}](${notebook})`} |`;
  return [`### ${heading}`, '', '| id | | settled |', '|:--|:--|:--|', ...rows.map(line)].join('\n');
}

/** What README says about how many notebooks and claims there are. */
function countsText(map, claims) {
  const ready = map.entries.filter(({ state }) => state === 'ready').length;
  return `${map.entries.length} notebooks are planned, ${ready} of them ready. Claims: ${countClaims(claims)}.`;
}

const COUNTS = /(<!-- counts -->\n)[\s\S]*?(\n<!-- \/counts -->)/;

/**
 * Every file that is written from the map and the claims, as it must be.
 * @param root the folder of notebooks
 * @param readme the file with the counts
 * @returns {{ file: string, text: string }[]}
 */
function allPages(root, readme) {
  const map = readMap(root);
  const { entries: claims } = readClaimsList(join(root, 'claims.json'));
  const pages = map.entries
    .filter(({ state, path }) => state === 'ready' && existsSync(join(root, path)))
    .map((entry) => {
      const file = join(root, entry.path);
      return { file, text: notebookText(cleanNotebook(withWays(readNotebook(file), map, entry)), file) };
    });
  const start = join(root, START_PAGE);
  const metadata = existsSync(start) ? readNotebook(start).metadata : {};
  return [
    ...pages,
    { file: start, text: notebookText(cleanNotebook({ cells: startPage(map), metadata }), start) },
    { file: join(root, 'errata.md'), text: errataPage(map, claims) },
    { file: readme, text: readFileSync(readme, 'utf8').replace(COUNTS, `$1${countsText(map, claims)}$2`) },
  ];
}

/** The files of {@link allPages} that are not as they must be. */
export const stalePages = (root, readme) =>
  allPages(root, readme)
    .filter(({ file, text }) => readIfThere(file) !== text)
    .map(({ file }) => file);

/** Writes them; gives the files that changed. */
export const writePages = (root, readme) =>
  allPages(root, readme)
    .filter(({ file, text }) => writeIfChanged(file, text))
    .map(({ file }) => file);
