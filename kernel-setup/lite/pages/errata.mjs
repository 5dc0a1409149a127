// The page of all statements of the notes with their verdicts, to search.
import fs from 'node:fs';
import path from 'node:path';
import { ERRATA, linkFrom, pageOf } from './addresses.mjs';
import { FILTER_STYLE, filter } from './filter.mjs';
import { escapeHtml, page } from './page.mjs';

/** What a verdict is called, and what it means. */
export const VERDICT_WORDS = {
  holds: { sign: '✓', word: 'holds', means: 'as the note says' },
  conditional: { sign: '◐', word: 'conditional', means: 'true if the condition in the sentence is met' },
  wrong: { sign: '✗', word: 'wrong as written', means: 'the note is; the sentence here is the correction' },
  opinion: { sign: '○', word: 'opinion', means: 'advice; the numbers say how far it carried' },
};

function row({ id, verdict, settled, sentence, notebook }) {
  const { sign, word } = VERDICT_WORDS[verdict];
  const how = settled === 'open' ? 'open' : `<a href="${linkFrom(ERRATA, pageOf(notebook))}">${settled}</a>`;
  return `<tr id="${id}" data-kind="${verdict}"><td>${id}</td><td class="verdict ${verdict}">${sign} ${word}</td><td>${escapeHtml(sentence)}</td><td>${how}</td></tr>`;
}

/** Writes it. @param {object} notebooks from `readNotebooks` */
export function writeErrata(site, { notes, claims }) {
  const sections = notes.flatMap(({ number, title }) => {
    const rows = claims.filter(({ note }) => note === number).map(row);
    return rows.length === 0
      ? []
      : [
          `<section><h2>Note ${number}: ${escapeHtml(title)}</h2><div class="wide"><table class="claims"><thead><tr><th>id</th><th>verdict</th><th>in our words</th><th>settled</th></tr></thead>
<tbody>${rows.join('\n')}</tbody></table></div></section>`,
        ];
  });
  const kinds = Object.entries(VERDICT_WORDS).map(([name, { sign, word }]) => ({
    name,
    label: `${sign} ${word}`,
    count: claims.filter(({ verdict }) => verdict === name).length,
  }));
  const body = `<h1>Errata</h1>
<p>What the notes have wrong, with the correction; what is right under a condition that they leave out; and what holds. One that is
open has the verdict that reading it suggests, until its notebook is there.</p>
${filter({ label: 'Search the statements', kinds })}
${sections.join('\n')}`;
  const html = page({
    address: ERRATA,
    title: 'Errata',
    description: 'Statements of the study notes, measured: corrections, conditions, opinions.',
    body,
    scripts: ['filter.mjs'],
    style: FILTER_STYLE,
  });
  fs.writeFileSync(path.join(site, ERRATA), html);
}
