// What is written from the map and the list of claims: the cells that lead from one notebook to the others, the start
// page, the errata and the counts in README.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { readIfThere, toJson, writeIfChanged } from '../../kernel-setup/setup/files.mjs';
import { addressOf, measuringCells } from './cell-addresses.mjs';
import { countClaims, isOwn, readClaimsList } from './claims.mjs';
import { linksToLines, withLines } from './line-by-line.mjs';
import { entryOf, isLesson, neighbours, readMap, START_PAGE } from './map.mjs';
import { cleanNotebook, notebookText, readNotebook } from './notebook-file.mjs';
import { figuresIn } from './update.mjs';

/** The ids of the two cells of each notebook that lead to others. */
export const WAY_IN = 'way-in';
export const WAY_ON = 'way-on';

/** The sources of these cells. */
export function wayCells(map, entry) {
  const { previous, next } = neighbours(map, entry);
  const from = dirname(entry.path);
  const start = posix.relative(from, START_PAGE);
  const before = [...entry.before.map((ref) => link(map, ref, from)), entry.mathematics].filter(Boolean).join(' · ');
  const ends = [
    previous ? `← ${link(map, previous.ref, from)}` : '',
    `[start page](${start})`,
    next ? `${link(map, next.ref, from)} →` : '',
  ];
  const parts = linksToLines(map, entry);
  return {
    [WAY_IN]: `*What to know before: ${before || 'nothing'}*`,
    [WAY_ON]:
      ends.filter(Boolean).join(' · ') +
      (parts.length > 0 ? `\n\nNote ${entry.note.number}, line by line: ${parts.join(' · ')}` : ''),
  };
}

/** A notebook's number and title, as a link where there is one to follow. */
function link(map, ref, from) {
  const { path, title, state } = entryOf(map, ref);
  return state === 'ready' ? `[${ref} ${title}](${posix.relative(from, path)})` : `${ref} ${title}`;
}

/**
 * The notebook with the cells that are written from the map and the list of claims: those that lead to others, or the statements of its note.
 * @param {{ map: object, entry: object, claims: object[], cellOf: (claim: object) => string | undefined }} from `entry`: of the notebook,
 *   `cellOf`: the cell that measures a claim
 */
export const withGenerated = (notebook, from) =>
  isLesson(from.entry) ? withWays(notebook, from.map, from.entry) : withLines(notebook, from);

/** The notebook with its cells that lead to others as the map has them: behind the title, and last. */
function withWays(notebook, map, entry) {
  const sources = wayCells(map, entry);
  const cells = notebook.cells.map((cell) => (cell.id in sources ? { ...cell, source: sources[cell.id] } : cell));
  const has = (id) => cells.some((cell) => cell.id === id);
  if (!has(WAY_IN)) cells.splice(1, 0, markdownCell(WAY_IN, sources[WAY_IN]));
  if (!has(WAY_ON)) cells.push(markdownCell(WAY_ON, sources[WAY_ON]));
  return { ...notebook, cells };
}

const markdownCell = (id, source) => ({ cell_type: 'markdown', id, metadata: {}, source });

/**
 * The first screen of the lesson that the start page opens with, and its questions, which stand beside the start page as well.
 * @returns {{ cell: object, questions: object } | undefined} nothing where it has no figure yet
 */
function openingOf(root, map) {
  const { path, state } = entryOf(map, map.playFirst[0].ref);
  const file = join(root, path);
  const cell = state === 'ready' ? firstFigure(file)?.cell : undefined;
  if (!cell) return undefined;
  const beside = file.replace(/\.ipynb$/, '.predictions.json');
  const all = existsSync(beside) ? JSON.parse(readFileSync(beside, 'utf8')) : {};
  const questions = Object.fromEntries(Object.entries(all).filter(([id]) => cell.source.includes(`("${id}"`)));
  return { cell: { ...cell, id: 'opening', execution_count: 1 }, questions };
}

/** What to play with first: the lesson whose figure the page opens with, and of each other one its first figure, its question and a sentence. */
function playCell(root, map, opening) {
  const attachments = {};
  const row = ({ ref, sentence }) => {
    const picture = firstFigure(join(root, entryOf(map, ref).path))?.output.data['image/png'];
    const name = `${ref.replace('/', '-')}.png`;
    if (picture) attachments[name] = { 'image/png': picture };
    const image = picture ? `<img src="attachment:${name}" width="200" alt="The first figure of ${ref}">` : '';
    return `| ${image} | **${link(map, ref, '')}**<br>${sentence} |`;
  };
  const play = map.playFirst.filter(({ ref }) => entryOf(map, ref).state === 'ready');
  const [first, ...others] = play;
  const heading = opening
    ? `The figure above opens **${link(map, first.ref, '')}**. Others to play with first:`
    : 'To play with first:';
  const rows = (opening ? others : play).map(row);
  const cell = markdownCell('play', `${heading}\n\n| | |\n|:--|:--|\n${rows.join('\n')}`);
  return Object.keys(attachments).length > 0 ? { ...cell, attachments } : cell;
}

/** @returns the first figure of a notebook, and the cell that shows it; undefined where there is none */
function firstFigure(file) {
  if (!existsSync(file)) return undefined;
  const { cells } = readNotebook(file);
  const [figure] = figuresIn({ cells });
  return figure && { ...figure, cell: cells[figure.index] };
}

/**
 * The start page's cells: a figure with its question, what to play with, the learning order, how to read a verdict, TypeScript for
 * Python's readers.
 */
function startPage(root, map, opening) {
  const isReady = (ref) => entryOf(map, ref).state === 'ready';
  const [order, any, last] = map.order.map((refs) => refs.filter(isReady));
  const later = map.order.flat().filter((ref) => !isReady(ref));
  const number = (ref) => (isReady(ref) ? `[${ref}](${entryOf(map, ref).path})` : ref);
  const row = (ref, i) => {
    const { about, before } = entryOf(map, ref);
    return `| ${i + 1} | ${link(map, ref, '')} | ${about} | ${before.map(number).join(', ')} |`;
  };
  const table = (refs, offset = 0) =>
    ['| | notebook | about | before |', '|:--|:--|:--|:--|', ...refs.map((ref, i) => row(ref, i + offset))].join('\n');
  const lines = map.entries
    .filter((entry) => !isLesson(entry))
    .map(({ path, title, statements, sections }) => {
      const name = title.replace(/, line by line(?::.*)?$/, '');
      return `| [${statements.join(' to ')}](${path}) | ${name} | ${Object.values(sections).join(', ')} |`;
    });
  return [
    markdownCell(
      'title',
      `# Start here

Each notebook asks one question about deep learning, lets you guess, and then lets you move something until you see the answer.
Guess before you look: click one of the three buttons, and the figure shows what comes of it. From then on its slider and ▶ work,
before any cell has run; *Run → Run All Cells* measures everything anew. Behind the questions stand ${map.notes.length} study notes, which are checked
sentence by sentence: what they have wrong is collected in the [errata](errata.md).`,
    ),
    ...(opening ? [opening.cell] : []),
    playCell(root, map, opening),
    markdownCell(
      'order',
      `## The learning order

It is not the order of the folders. Those follow the study notes:
${map.notes.map(({ number, title }) => `${number} *${title}*`).join(', ')}. The notes do not come with it; what they say is told
again in our own words, wherever it is checked.

${table(order)}

Then in any order:

${table(any, order.length)}

And the long note on neural networks, from its beginning:

${table(last, order.length + any.length)}

${later.length > 0 ? `<details><summary>${later.length} more are planned</summary>\n\n${later.map((ref) => `- ${link(map, ref, '')}`).join('\n')}\n\n</details>\n\n` : ''}**Line by line**, for whoever has a note in hand: each of its statements in its order, with what settles it.

| statements | note | about |
|:--|:--|:--|
${lines.join('\n')}`,
    ),
    markdownCell(
      'verdicts',
      `## How a verdict reads

Where a statement of the notes is checked, a line shows its id, a verdict and our sentence. A click on it opens what the note
says, the measured numbers and what they must be. An id begins with the letter of its note, ${lettersOf(map)}; N stands for a find of our own.

| verdict | means |
|:--|:--|
| ✓ holds | as the note says |
| ◐ conditional | true if the condition in the sentence is met |
| ✗ wrong as written | the note is; the sentence beside it is the correction, and so are the numbers |
| ✎ slip | a letter, a name, a line of a listing: mended, and nobody is misled |
| ○ opinion | advice; the numbers say how far it carried here |
| · read, not run | no number decides it: reading it did |

The [errata](errata.md) collect all corrections and conditions.`,
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

/** notebooks/errata.md: the corrections and the conditions of all notes, what is wrong first. */
function errataPage(map, claims, cellOf) {
  const kinds = [
    ['Wrong as written, with the correction', 'wrong'],
    ['Slips of the pen, mended', 'slip'],
    ['Right under a condition', 'conditional'],
  ];
  const sections = kinds.flatMap(([heading, verdict]) => {
    const lists = map.notes.flatMap(({ number, letter, title }) => {
      const listed = claims.filter((claim) => claim.id.startsWith(letter) && claim.verdict === verdict);
      return listed.length > 0 ? [`### Note ${number}: ${title}`, errataTable(listed, cellOf)] : [];
    });
    return lists.length > 0 ? [`## ${heading}`, ...lists] : [];
  });
  const isOpen = claims.some(({ settled }) => settled === 'open');
  const head = `# Errata

What the notes have wrong, with the correction, and what is right under a condition that they leave out. Of ${ofNotes(claims).length}
statements: ${countClaims(ofNotes(claims))}.${isOpen ? ' One that is open has the verdict that reading it suggests, until its notebook is there.' : ''}

The last column leads to the cell that settles it: *measured* by numbers, or *read* where no number decides. An id begins with the
letter of its note: ${lettersOf(map)}.`;
  return `<!-- Written from claims.json by npm run pages. -->\n\n${[head, ...sections].join('\n\n')}\n`;
}

/** Which letter the ids of each note begin with. */
const lettersOf = (map) => map.notes.map(({ number, letter }) => `${letter} for ${number}`).join(', ');

function errataTable(claims, cellOf) {
  const text = (some) => (some ?? '').replaceAll('|', '\\|');
  const place = (claim) => {
    const cell = cellOf(claim);
    return cell ? addressOf(claim.notebook, cell) : claim.notebook;
  };
  const line = (claim) => {
    const how = claim.settled === 'open' ? 'open' : `[${claim.settled}](${place(claim)})`;
    return `| ${claim.id} | ${text(claim.sentence)} | ${text(claim.said)} | ${how} |`;
  };
  return ['| id | in our words | in the note | settled |', '|:--|:--|:--|:--|', ...claims.map(line)].join('\n');
}

/** What README says about how many notebooks and claims there are. */
function countsText(map, claims) {
  const lessons = map.entries.filter(isLesson);
  const ready = lessons.filter(({ state }) => state === 'ready').length;
  const lines = map.entries.length - lessons.length;
  const own = claims.filter(isOwn);
  const counted = `${lessons.length} lessons are planned, ${ready} of them ready; ${lines} notebooks take up the notes line by line. Claims: ${countClaims(ofNotes(claims))}.`;
  return own.length > 0 ? `${counted} Finds of our own: ${countClaims(own)}.` : counted;
}

const ofNotes = (claims) => claims.filter((claim) => !isOwn(claim));

const COUNTS = /(<!-- counts -->\n)[\s\S]*?(\n<!-- \/counts -->)/;

/** A notebook, or one without cells where there is none yet. */
const orEmpty = (file) => (existsSync(file) ? readNotebook(file) : { cells: [], metadata: {} });

/**
 * Every file that is written from the map and the claims, as it must be.
 * @param root the folder of notebooks
 * @param readme the file with the counts
 * @returns {{ file: string, text: string }[]}
 */
function allPages(root, readme) {
  const map = readMap(root);
  const { entries: claims } = readClaimsList(join(root, 'claims.json'));
  const cellOf = measuringCells(root);
  const pages = map.entries
    .filter((entry) => entry.state === 'ready' && (!isLesson(entry) || existsSync(join(root, entry.path))))
    .map((entry) => {
      const file = join(root, entry.path);
      const made = withGenerated(orEmpty(file), { map, entry, claims, cellOf });
      return { file, text: notebookText(cleanNotebook(made), file) };
    });
  const start = join(root, START_PAGE);
  const { metadata } = orEmpty(start);
  const opening = openingOf(root, map);
  return [
    ...pages,
    { file: start, text: notebookText(cleanNotebook({ cells: startPage(root, map, opening), metadata }), start) },
    ...(opening ? [{ file: start.replace(/\.ipynb$/, '.predictions.json'), text: toJson(opening.questions) }] : []),
    { file: join(root, 'errata.md'), text: errataPage(map, claims, cellOf) },
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
