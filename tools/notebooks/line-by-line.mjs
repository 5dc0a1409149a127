// The notebooks that take up a note's statements in the note's order, "line by line": for each statement a cell that is written from
// claims.json, with what the note says, the verdict and the way to the cell that measures it. Where it is measured in this very notebook, cells
// written by hand follow, which stay where they are.
import { dirname, posix } from 'node:path';
import { addressOf } from './cell-addresses.mjs';
import { isOwn, VERDICT_WORDS } from './claims.mjs';
import { entryOf, isChapter, START_PAGE } from './map.mjs';

/** Of cells that are written from the list of claims and the map. */
const GENERATED = 'generated';

/** The statements that such a notebook takes up, in the note's order: those that no chapter settles. */
export function statementsOf({ note, statements }, claims, map) {
  const ofNote = claims.filter((claim) => !isOwn(claim) && claim.id.startsWith(note.letter));
  const [from, to] = statements.map((id) => ofNote.findIndex((claim) => claim.id === id));
  return ofNote.slice(from, to + 1).filter((claim) => !isOfChapter(claim, map));
}

/** Whether a statement is settled where a chapter teaches it. */
export function isOfChapter({ notebook }, map) {
  const entry = entryOf(map, notebook);
  return entry !== undefined && isChapter(entry);
}

/**
 * The notebook with its generated cells as the list of claims has them; cells of its own stay behind the one that they follow.
 * @param {{ map: object, entry: object, claims: object[], cellOf: (claim: object) => string | undefined }} from `cellOf`: the cell that
 *   measures a claim
 */
export function withLines(notebook, { map, entry, claims, cellOf }) {
  const listed = statementsOf(entry, claims, map);
  const made = [
    generated('title', titleOf(entry, listed)),
    ...listed.flatMap((claim) => [
      ...(entry.sections[claim.id]
        ? [generated(`part-${claim.id.toLowerCase()}`, `## ${entry.sections[claim.id]}`)]
        : []),
      generated(`line-${claim.id.toLowerCase()}`, lineOf(claim, { map, entry, cellOf })),
    ]),
    generated('way-on', wayOnFrom(map, entry)),
  ];
  const isOfList = ({ metadata }) => metadata?.tags?.includes(GENERATED);
  const own = new Map();
  let behind = 'title';
  for (const cell of notebook.cells) {
    if (isOfList(cell)) behind = cell.id;
    else own.set(behind, [...(own.get(behind) ?? []), cell]);
  }
  const known = new Set(made.map(({ id }) => id));
  const lost = [...own].filter(([id]) => !known.has(id)).flatMap(([, cells]) => cells);
  return { ...notebook, cells: [...made.flatMap((cell) => [cell, ...(own.get(cell.id) ?? [])]), ...lost] };
}

const generated = (id, source) => ({
  cell_type: 'markdown',
  id,
  metadata: { tags: [GENERATED] },
  source,
});

function titleOf({ title, note }, listed) {
  const settled = listed.filter(({ settled: how }) => how !== 'open').length;
  return `# ${title}

For whoever has note ${note.number} in hand: its statements from ${listed[0].id} to ${listed.at(-1).id}, in its order, each with a verdict and
the way to where it is measured. Settled so far: ${settled} of ${listed.length}.`;
}

/** Links to the parts of a note's line by line that are ready, but for the notebook itself. */
export const linksToLines = ({ entries }, { path, note }) =>
  entries
    .filter((one) => one.note === note && one.kind === 'lines' && one.state === 'ready' && one.path !== path)
    .map((one) => `[${one.statements.join(' to ')}](${posix.relative(dirname(path), one.path)})`);

/** The way back, and to the note's other parts. */
function wayOnFrom(map, entry) {
  const to = (file) => posix.relative(dirname(entry.path), file);
  const back = [`[start page](${to(START_PAGE)})`, `[errata](${to('errata.md')})`];
  return [...back, ...linksToLines(map, entry)].join(' · ');
}

/** What a reader of the note finds at one of its statements. */
function lineOf({ id, verdict, settled, sentence, said, notebook }, { map, entry, cellOf }) {
  const note = said ? `\n\n*In the note:* ${said}` : '';
  if (settled === 'open') {
    const { title } = entryOf(map, notebook);
    return `**${id}** · ? *open* · ${sentence}${note}\n\nNot settled yet; it belongs to *${title}*.`;
  }
  // The claim below says the rest.
  if (notebook === entry.path) return `**${id}**${note}`;
  const { title } = entryOf(map, notebook);
  const cell = cellOf({ id, notebook });
  const address = posix.relative(dirname(entry.path), cell ? addressOf(notebook, cell) : notebook);
  const how = settled === 'read' ? 'Read, not measured, in' : 'Measured in';
  return `**${id}** · ${VERDICT_WORDS[verdict].sign} *${verdict}* · ${sentence}${note}\n\n${how} [${title}](${address}).`;
}
