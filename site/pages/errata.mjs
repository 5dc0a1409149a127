// The searchable page of all statements of the notes with their verdicts.

import fs from 'node:fs';
import path from 'node:path';
import { inOrder, isOwn, placeInNote, VERDICT_WORDS } from '../../tools/notebooks/claims.mjs';
import { escapeHtml } from '../../tools/notebooks/markdown.mjs';
import { ERRATA, linkFrom, pageOf, placeOnPage } from './addresses.mjs';
import { FILTER_STYLE, filter } from './filter-form.mjs';
import { page } from './frame.mjs';

function row(claim) {
  const { id, verdict, settled, sentence, said, notebook, cell } = claim;
  const { sign, word } = VERDICT_WORDS[verdict];
  const place = linkFrom(ERRATA, pageOf(notebook)) + (cell === undefined ? '' : `#${placeOnPage(cell)}`);
  const how = settled === 'open' ? 'open' : `<a href="${place}">${settled}</a>`;
  const where = placeInNote(claim);
  const told = `In the note${where ? ` (${where})` : ''}${said ? `: ${said}` : ''}`;
  const note = where || said ? `<div class="note">${escapeHtml(told)}</div>` : '';
  return `<tr id="${id}" data-kind="${verdict}"><td>${id}</td><td class="verdict ${verdict}">${sign} ${word}</td><td>${escapeHtml(sentence)}${note}</td><td>${how}</td></tr>`;
}

const ofNotes = {
  title: 'Errata',
  intro: `What the notes have wrong, with the correction; what is right under a condition that they leave out; and what holds. One that is
open has the verdict that reading it suggests, until its notebook is there.`,
  description: 'Statements of the study notes, measured: corrections, conditions, opinions.',
};
const ofCourse = {
  title: 'Statements',
  intro: 'What the notebooks claim, and how it came out. Each leads to the cell that measures it.',
  description: 'Statements of the notebooks, measured.',
};

/** Writes it; for a course only if it has claims. @param {object} notebooks from `readNotebooks` */
export function writeErrata(site, { notes, claims, isCourse }) {
  if (isCourse && claims.length === 0) return;
  const { title, intro, description } = isCourse ? ofCourse : ofNotes;
  const parts = isCourse
    ? [['All', claims]]
    : [
        ...notes.map(({ number, title, headings }) => [
          `Note ${number}: ${title}`,
          inOrder(
            claims.filter(({ note }) => note === number),
            headings,
          ),
        ]),
        ['Finds of our own, which no note states', claims.filter(isOwn)],
      ];
  const sections = parts.flatMap(([heading, listed]) => {
    const rows = listed.map(row);
    return rows.length === 0
      ? []
      : [
          `<section><h2>${escapeHtml(heading)}</h2><div class="wide"><table class="claims"><thead><tr><th>id</th><th>verdict</th><th>in our words</th><th>settled</th></tr></thead>
<tbody>${rows.join('\n')}</tbody></table></div></section>`,
        ];
  });
  const kinds = Object.entries(VERDICT_WORDS).map(([name, { sign, word }]) => ({
    name,
    label: `${sign} ${word}`,
    count: claims.filter(({ verdict }) => verdict === name).length,
  }));
  const body = `<h1>${title}</h1>
<p>${intro}</p>
${filter({ label: 'Search the statements', kinds })}
${sections.join('\n')}`;
  const html = page({
    address: ERRATA,
    title,
    description,
    body,
    scripts: ['filter.mjs'],
    style: FILTER_STYLE,
  });
  fs.writeFileSync(path.join(site, ERRATA), html);
}
