// Generates pages from the map and the list of claims: the navigation cells of notebooks, the start page, the errata and the counts in
// README.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { readIfThere, toJson, writeIfChanged } from '../../kernel-setup/setup/files.mjs';
import { withCards } from './cards.mjs';
import { addressOf, measuringCells } from './cell-addresses.mjs';
import { countClaims, inOrder, isOwn, placeInNote, readClaimsList } from './claims.mjs';
import { chapterOf, entryOf, isChapter, neighbours, pathOf, questionsOf, readMap, START_PAGE } from './map.mjs';
import { withMarks } from './marks.mjs';
import { cleanNotebook, notebookText, readNotebook } from './notebook-file.mjs';
import { cardFinder, indexOf, inRows, placesOf } from './places.mjs';
import { asName } from './references.mjs';
import { figuresIn } from './update.mjs';

/** The ids of the navigation cells: a chapter has only the second. */
export const WAY_IN = 'way-in';
export const WAY_ON = 'way-on';

/**
 * The sources of these cells.
 * @param {object} map
 * @param {import('./map.mjs').Entry} entry
 * @param {{ root?: string, claims?: object[] }} [list] to link the headings of a chapter's note
 */
export function wayCells(map, entry, { root, claims } = {}) {
  const from = dirname(entry.path);
  const linkTo = ({ ref }) => link(map, ref, from);
  const start = `[start page](${posix.relative(from, START_PAGE)})`;
  if (entry.kind === 'question') {
    const chapter = linkTo(chapterOf(map, entry));
    return { [WAY_IN]: `*A question of the chapter ${chapter}*`, [WAY_ON]: `← ${chapter} · ${start}` };
  }
  const { previous, next } = neighbours(map, entry);
  const ends = [previous ? `← ${linkTo(previous)}` : '', start, next ? `${linkTo(next)} →` : ''];
  const questions = questionsOf(map, entry).map(linkTo);
  const headings = claims ? headingLinks(root, map, entry, claims) : [];
  const foot = [
    ends.filter(Boolean).join(' · '),
    questions.length > 0 ? `Questions of this chapter: ${questions.join(' · ')}` : '',
    headings.length > 0 ? `Headings of note ${entry.note.number}: ${headings.join(' · ')}` : '',
  ];
  return { [WAY_ON]: foot.filter(Boolean).join('\n\n') };
}

/** The headings of the note that a chapter takes up, each as a link to its section. */
function headingLinks(root, map, entry, claims) {
  const { letter, headings } = map.notes.find(({ number }) => number === entry.note.number);
  const own = placesOf(
    root,
    map,
    claims,
  )({ letter, headings }).flatMap(({ heading, further, ...first }) =>
    [first, ...further].filter((place) => place.entry.ref === entry.ref).map((place) => ({ heading, ...place })),
  );
  return own.map(({ heading, section }) => {
    const text = heading.replaceAll('[', '\\[').replaceAll(']', '\\]');
    return section ? `[${text}](#${addressOf(entry.path, section.cell).split('#')[1]})` : text;
  });
}

/** A notebook's title, as a link if the notebook is ready. */
function link(map, ref, from) {
  const { path, title, state } = entryOf(map, ref);
  return state === 'ready' ? `[${title}](${posix.relative(from, path)})` : title;
}

/**
 * The notebook with its generated cells: navigation, the marks of its claims, and cards.
 * @param {{ root: string, map: object, entry: object, claims: object[], cellOf: (claim: object) => string | undefined }} from `entry`: of the notebook,
 *   `cellOf`: the cell that measures a claim
 */
export const withGenerated = (notebook, from) => withCards(withMarks(withWays(notebook, from), from.entry.path), from);

/** The notebook with its navigation cells from the map: after the title, and last. */
function withWays(notebook, { map, entry, ...from }) {
  const sources = wayCells(map, entry, from);
  const cells = notebook.cells.map((cell) => (cell.id in sources ? { ...cell, source: sources[cell.id] } : cell));
  const has = (id) => cells.some((cell) => cell.id === id);
  if (WAY_IN in sources && !has(WAY_IN)) cells.splice(1, 0, markdownCell(WAY_IN, sources[WAY_IN]));
  if (!has(WAY_ON)) cells.push(markdownCell(WAY_ON, sources[WAY_ON]));
  return { ...notebook, cells };
}

const markdownCell = (id, source) => ({ cell_type: 'markdown', id, metadata: {}, source });

/**
 * Returns the first cell of the start page, and its questions, which are copied to a file beside the start page.
 * @returns {{ cell: object, questions: object } | undefined} undefined if there is no figure yet
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

/** Notebooks to begin with: pictures of their first figures, with title and a sentence. */
function playCell(root, map) {
  const play = map.playFirst.map(({ ref, sentence }) => ({ ...entryOf(map, ref), sentence }));
  const shown = play.filter(({ state }) => state === 'ready');
  const attachments = {};
  const pictures = shown.map(({ ref, path, title }) => {
    const picture = firstFigure(join(root, path))?.output.data['image/png'];
    if (!picture) return '';
    const name = `${asName(ref)}.png`;
    attachments[name] = { 'image/png': picture };
    return `<img src="attachment:${name}" width="220" alt="The first figure of ${title}">`;
  });
  const rows = [
    pictures,
    shown.map(() => ':--'),
    shown.map(({ ref, sentence }) => `**${link(map, ref, '')}**<br>${sentence}`),
  ];
  const table = rows.map((row) => `| ${row.join(' | ')} |`).join('\n');
  const cell = markdownCell('play', `Or begin with one of these:\n\n${table}`);
  return Object.keys(attachments).length > 0 ? { ...cell, attachments } : cell;
}

/** @returns the first figure of a notebook, and the cell that shows it; undefined if there is none */
function firstFigure(file) {
  if (!existsSync(file)) return undefined;
  const { cells } = readNotebook(file);
  const [figure] = figuresIn({ cells });
  return figure && { ...figure, cell: cells[figure.index] };
}

/**
 * The start page's cells: a figure with its question, notebooks to begin with, the notes' headings, topics, index, verdicts, and TypeScript
 * for readers of Python.
 */
function startPage(root, map, claims, opening) {
  return [
    markdownCell(
      'title',
      `# Start here

Deep learning in TypeScript, in notebooks with figures that you move. Guess before you look: click an answer, and the figure shows what
happens. Then its slider and ▶ are yours, before any cell has run; *Run → Run All Cells* computes everything again. Behind the notebooks are
${map.notes.length} study notes, checked sentence by sentence: what they have wrong is in the [errata](errata.md).`,
    ),
    ...(opening ? [opening.cell] : []),
    playCell(root, map),
    markdownCell('path', pathText(map)),
    markdownCell('notes', `## If you have a note in hand\n\n${noteTables(root, map, claims)}`),
    markdownCell('topics', topicsText(map)),
    markdownCell(
      'words',
      `## Index of words\n\n${indexOf(map)
        .map(({ word, entry }) => `[${word}](${entry.path})`)
        .join(' · ')}`,
    ),
    markdownCell(
      'verdicts',
      `## How a verdict reads

Where a statement of the notes is checked, a line shows its id, a verdict and our sentence. A click on it opens what the note
says, the measured numbers and what they must be. An id begins with the letter of its note, ${lettersOf(map)}. N marks a fact that we found and no
note states.

| verdict | means |
|:--|:--|
| ✓ holds | as the note says |
| ◐ conditional | true if a condition is met that the note omits |
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
| \`lambda x: x.sin()\` | \`(x: Tensor) => x.sin()\`; the type follows the colon |
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

/** For each note a folded table: its headings in order, the section for each, and the questions that go deeper. */
function noteTables(root, map, claims) {
  const places = placesOf(root, map, claims);
  const sectionOfCard = cardFinder(root);
  return map.notes
    .map((note) => {
      const all = inRows(places(note));
      /** A question is listed beside the section with its card; without one, beside its chapter's first row. */
      const isBeside = (row, question) => {
        const ofChapter = all.filter(({ entry }) => entry.ref === row.entry.ref);
        const own = sectionOfCard(row.entry.path, question.path);
        const hasRow = ofChapter.some(({ section }) => section?.cell === own);
        return hasRow ? row.section?.cell === own : row === ofChapter[0];
      };
      const rows = all.map((row) => {
        const { heading, entry, section } = row;
        const questions = questionsOf(map, entry).filter((question) => isBeside(row, question));
        const where = section ? `, [${inCell(section.title)}](${addressOf(entry.path, section.cell)})` : '';
        return `| ${inCell(heading)} | ${link(map, entry.ref, '')}${where} | ${questions.map(({ ref }) => link(map, ref, '')).join('<br>')} |`;
      });
      const table = ['| heading of the note | here | questions |', '|:--|:--|:--|', ...rows].join('\n');
      return `<details><summary>Note ${note.number}: ${note.title}</summary>\n\n${table}\n\n</details>`;
    })
    .join('\n\n');
}

const inCell = (text) => text.replaceAll('|', '\\|');

/** The chapters for beginners, in reading order. */
function pathText(map) {
  const lines = pathOf(map).map(({ ref, about }, i) => `${i + 1}. ${link(map, ref, '')}: ${about}`);
  return `## If you are new to deep learning\n\nRead these chapters in this order. Each takes about half an hour.\n\n${lines.join('\n')}`;
}

/** Chapters by note, one line each. */
function topicsText(map) {
  const chapters = map.notes.flatMap(({ number, title }) => {
    const ready = map.entries.filter((one) => one.note.number === number && isChapter(one) && one.state === 'ready');
    const lines = ready.map(({ ref, about }) => `- ${link(map, ref, '')}: ${about}`);
    return lines.length > 0 ? [`**${title}**\n\n${lines.join('\n')}`] : [];
  });
  return ['## By topic', ...chapters].join('\n\n');
}

/** notebooks/errata.md: the corrections and the conditions of all notes, errors first. */
function errataPage(map, claims, cellOf) {
  const kinds = [
    ['Wrong as written, with the correction', 'wrong'],
    ['Slips of the pen, mended', 'slip'],
    ['Right under a condition', 'conditional'],
  ];
  const sections = kinds.flatMap(([heading, verdict]) => {
    const lists = map.notes.flatMap(({ number, letter, title, headings }) => {
      const listed = inOrder(
        claims.filter((claim) => claim.id.startsWith(letter) && claim.verdict === verdict),
        headings,
      );
      return listed.length > 0 ? [`### Note ${number}: ${title}`, errataTable(listed, cellOf)] : [];
    });
    return lists.length > 0 ? [`## ${heading}`, ...lists] : [];
  });
  const isOpen = claims.some(({ settled }) => settled === 'open');
  const head = `# Errata

What the notes have wrong, with the correction, and what is right under a condition that they leave out. Of ${ofNotes(claims).length}
statements: ${countClaims(ofNotes(claims))}.${isOpen ? ' One that is open has the verdict that reading it suggests, until its notebook is there.' : ''}

*Where* is the note's heading, and the item, figure or line below it. The last column leads to the cell that settles it: *measured* by numbers, or *read* where no number decides. An id begins with the
letter of its note: ${lettersOf(map)}.`;
  return `<!-- Written from claims.json by npm run pages. -->\n\n${[head, ...sections].join('\n\n')}\n`;
}

/** The first letter of each note's ids. */
const lettersOf = (map) => map.notes.map(({ number, letter }) => `${letter} for ${number}`).join(', ');

function errataTable(claims, cellOf) {
  const text = (some) => (some ?? '').replaceAll('|', '\\|');
  const place = (claim) => {
    const cell = cellOf(claim);
    return cell ? addressOf(claim.notebook, cell) : claim.notebook;
  };
  const line = (claim) => {
    const how = claim.settled === 'open' ? 'open' : `[${claim.settled}](${place(claim)})`;
    return `| ${claim.id} | ${text(placeInNote(claim))} | ${text(claim.sentence)} | ${text(claim.said)} | ${how} |`;
  };
  return ['| id | where | in our words | in the note | settled |', '|:--|:--|:--|:--|:--|', ...claims.map(line)].join(
    '\n',
  );
}

/** README's numbers of notebooks and claims. */
function countsText({ entries }, claims) {
  const count = (number, one) => (number === 1 ? `1 ${one}` : `${number} ${one.replace(/^\w+/, '$&s')}`);
  const ready = entries.filter(({ state }) => state === 'ready');
  const counts = ['chapter', 'question']
    .map((kind) => [ready.filter((entry) => entry.kind === kind).length, kind])
    .filter(([number]) => number > 0)
    .map(([number, kind]) => count(number, kind));
  const later = entries.length - ready.length;
  const planned = later > 0 ? `, and ${later} more ${later === 1 ? 'is' : 'are'} planned` : '';
  const own = claims.filter(isOwn);
  const counted = `There are ${counts.join(', ')}${planned}. Claims: ${countClaims(ofNotes(claims))}.`;
  return own.length > 0 ? `${counted} Finds of our own: ${countClaims(own)}.` : counted;
}

const ofNotes = (claims) => claims.filter((claim) => !isOwn(claim));

const COUNTS = /(<!-- counts -->\n)[\s\S]*?(\n<!-- \/counts -->)/;

/** A notebook, or one without cells if the file does not exist. */
const orEmpty = (file) => (existsSync(file) ? readNotebook(file) : { cells: [], metadata: {} });

/**
 * All generated files with their expected text.
 * @param root the folder of notebooks
 * @param readme the file with the counts
 * @returns {{ file: string, text: string }[]}
 */
function allPages(root, readme) {
  const map = readMap(root);
  const { entries: claims } = readClaimsList(join(root, 'claims.json'));
  const cellOf = measuringCells(root);
  const pages = map.entries
    .filter((entry) => entry.state === 'ready' && existsSync(join(root, entry.path)))
    .map((entry) => {
      const file = join(root, entry.path);
      const made = withGenerated(orEmpty(file), { root, map, entry, claims, cellOf });
      return { file, text: notebookText(cleanNotebook(made), file) };
    });
  const start = join(root, START_PAGE);
  const { metadata } = orEmpty(start);
  const opening = openingOf(root, map);
  return [
    ...pages,
    {
      file: start,
      text: notebookText(cleanNotebook({ cells: startPage(root, map, claims, opening), metadata }), start),
    },
    ...(opening ? [{ file: start.replace(/\.ipynb$/, '.predictions.json'), text: toJson(opening.questions) }] : []),
    { file: join(root, 'errata.md'), text: errataPage(map, claims, cellOf) },
    { file: readme, text: readFileSync(readme, 'utf8').replace(COUNTS, `$1${countsText(map, claims)}$2`) },
  ];
}

/** The files of {@link allPages} that are out of date. */
export const stalePages = (root, readme) =>
  allPages(root, readme)
    .filter(({ file, text }) => readIfThere(file) !== text)
    .map(({ file }) => file);

/** Writes them; returns the files that changed. */
export const writePages = (root, readme) =>
  allPages(root, readme)
    .filter(({ file, text }) => writeIfChanged(file, text))
    .map(({ file }) => file);
