// The start page, at the site's root.
import fs from 'node:fs';
import path from 'node:path';
import { isOwn, VERDICT_WORDS } from '../../tools/notebooks/claims.mjs';
import { isLesson } from '../../tools/notebooks/map.mjs';
import { escapeHtml, markdownReader } from '../../tools/notebooks/markdown.mjs';
import { API, ERRATA, LABORATORY, laboratoryOf, linkFrom, NOTICES, OPS, PYTORCH, pageOf, START } from './addresses.mjs';
import { anchorOf, drawMap } from './draw-map.mjs';
import { page } from './frame.mjs';
import { Outputs } from './show-outputs.mjs';

const to = (address) => linkFrom(START, address);
const count = (number, one, many = `${one}s`) => `${number} ${number === 1 ? one : many}`;

/** Read and open, for a notebook. */
const ways = ({ path: notebook, title }) => `<p class="ways">
<a class="button" href="${to(pageOf(notebook))}" aria-label="Read: ${escapeHtml(title)}">Read</a>
<a class="button" href="${to(laboratoryOf(notebook))}" aria-label="Open in the laboratory: ${escapeHtml(title)}">In the laboratory</a>
</p>`;

const outputsOf = ({ ref, path: name }, recorded) =>
  new Outputs({
    folder: to(pageOf(name)).replace(/\.html$/, ''),
    markdown: markdownReader((address) => address),
    laboratory: to(laboratoryOf(name)),
    recorded,
    prefix: `${anchorOf(ref)}-`,
  });

/** A notebook's first screen, figure and question, and the style rules that go with it. */
function hero(entry, { notebook, recorded }) {
  const { title, sentence, path: name } = entry;
  const outputs = outputsOf(entry, recorded);
  const html = `<article class="hero" data-notebook="${name}"><h3><a href="${to(pageOf(name))}">${escapeHtml(title)}</a></h3>
<p>${escapeHtml(sentence)}</p>
<div class="living">${outputs.firstScreen(notebook.cells)}</div>
${ways(entry)}</article>`;
  return { html, rules: outputs.rules };
}

/** A notebook as a still of its first figure, its question and a sentence. */
function invitation(entry, { notebook, recorded }) {
  const { title, sentence, path: name } = entry;
  return `<li><a href="${to(pageOf(name))}">${outputsOf(entry, recorded).still(notebook.cells)}<strong>${escapeHtml(title)}</strong></a>
<p>${escapeHtml(sentence)}</p></li>`;
}

/** Which notebooks come before and after, as links within the page. */
function neighboursOf({ before, after }, byRef) {
  const link = (other) => `<a href="#${anchorOf(other)}" title="${escapeHtml(byRef(other).title)}">${other}</a>`;
  const lines = [
    before.length > 0 && `before: ${before.map(link).join(', ')}`,
    after.length > 0 && `leads to: ${after.map(link).join(', ')}`,
  ].filter(Boolean);
  return lines.length > 0 ? `<p class="about">${lines.join(' · ')}</p>` : '';
}

function card(entry, byRef) {
  const { ref, title, about, path: notebook, minutes, predictions, exercises, claims, needs } = entry;
  const facts = [
    about,
    `about ${minutes} min`,
    count(predictions.length, 'guess', 'guesses'),
    count(exercises.length, 'exercise'),
    claims > 0 && count(claims, 'claim'),
    needs && 'shows more with Fashion-MNIST’s files',
  ];
  return `<li id="${anchorOf(ref)}" data-notebook="${notebook}">
<h3><span class="ref">${ref}</span> ${escapeHtml(title)}</h3>
<p class="about">${facts.filter(Boolean).map(escapeHtml).join(' · ')}</p>
${neighboursOf(entry, byRef)}
<p class="progress" hidden></p>
${ways(entry)}</li>`;
}

const planned = (
  entry,
  byRef,
) => `<li id="${anchorOf(entry.ref)}"><span class="ref">${entry.ref}</span> ${escapeHtml(entry.title)}
${neighboursOf(entry, byRef)}</li>`;

/** A note with its notebooks. */
function noteSection({ number, title }, entries, byRef) {
  const ofNote = entries.filter((entry) => entry.note.number === number);
  const of = (state) => ofNote.filter((entry) => isLesson(entry) && entry.state === state);
  const lines = ofNote
    .filter((entry) => !isLesson(entry))
    .map(({ path: notebook, title }) => `<a href="${to(pageOf(notebook))}">${escapeHtml(title)}</a>`);
  const later = of('planned').map((entry) => planned(entry, byRef));
  return `<section aria-labelledby="note-${number}"><h2 id="note-${number}">Note ${number}: ${escapeHtml(title)}</h2>
<ul class="notebooks">${of('ready')
    .map((entry) => card(entry, byRef))
    .join('\n')}</ul>
${lines.length > 0 ? `<p>With the note in hand: ${lines.join(' · ')}</p>` : ''}
${later.length > 0 ? `<details class="planned"><summary>${later.length} more are planned</summary><ul>${later.join('\n')}</ul></details>` : ''}
</section>`;
}

function claimsTable(claims) {
  const rows = Object.entries(VERDICT_WORDS).map(([verdict, { sign, word, means }]) => {
    const ofIt = claims.filter((claim) => claim.verdict === verdict);
    const settled = ofIt.filter((claim) => claim.settled !== 'open').length;
    return `<tr><td><a href="${to(ERRATA)}#${verdict}">${sign} ${word}</a></td><td>${means}</td><td class="number">${settled}</td><td class="number">${ofIt.length - settled}</td></tr>`;
  });
  return `<div class="wide"><table>
<thead><tr><th>verdict</th><th>means</th><th class="number">settled</th><th class="number">open</th></tr></thead>
<tbody>${rows.join('\n')}</tbody></table></div>`;
}

/** What the page's script must know of the notebooks. */
const dataOf = (entries) =>
  JSON.stringify(
    entries
      .filter(({ state }) => state === 'ready')
      .map((entry) => ({
        notebook: entry.path,
        ref: entry.ref,
        title: entry.title,
        read: to(pageOf(entry.path)),
        open: to(laboratoryOf(entry.path)),
        predictions: entry.predictions,
        exercises: entry.exercises,
      })),
  ).replaceAll('<', '\\u003c');

/**
 * Writes it.
 * @param {object} notebooks from `readNotebooks`
 * @param {(path: string) => { notebook: object, recorded: object[] }} contentOf a notebook that is ready, with its controls
 */
export async function writeStartPage(site, { entries, notes, order, playFirst, claims }, contentOf) {
  const byRef = (ref) => entries.find((entry) => entry.ref === ref);
  const shown = playFirst
    .map(({ ref, sentence }) => ({ ...byRef(ref), sentence }))
    .filter(({ state }) => state === 'ready');
  const [first, ...others] = shown;
  const opening = hero(first, contentOf(first.path));
  const invitations = others.map((entry) => invitation(entry, contentOf(entry.path)));
  const lessons = entries.filter(isLesson);
  const ready = lessons.filter(({ state }) => state === 'ready');
  const stated = claims.filter((claim) => !isOwn(claim));
  const way = order[0].map(byRef).filter(({ state }) => state === 'ready');
  const steps = way.map(({ path: name, title }) => `<li><a href="${to(pageOf(name))}">${escapeHtml(title)}</a></li>`);
  const lists = notes.map((note) => noteSection(note, entries, byRef));
  const body = `<h1>Deep learning, to be tried</h1>
<p>Notebooks that ask one question each, let you guess, and then let you move something until you see the answer; every
statement in them is measured before your eyes. All of it runs in your browser, in TypeScript, with nothing to install.</p>
<section aria-labelledby="play"><h2 id="play">Guess, then look</h2>
${opening.html}
<ul class="invitations">${invitations.join('\n')}</ul></section>
<section aria-labelledby="path"><h2 id="path">The path</h2>
<p>${way.length} lessons, in an order in which each needs only those before it. 1 of ${way.length}:
<a href="${to(pageOf(way[0].path))}">${escapeHtml(way[0].title)}</a></p>
<details><summary>All ${way.length}</summary><ol class="path">${steps.join('\n')}</ol></details></section>
<section id="progress" hidden aria-labelledby="your-progress"><h2 id="your-progress">Where you are</h2>
<p class="summary"></p><p class="on"></p>
<p class="ways"><button type="button" class="save">Save to a file</button>
<button type="button" class="load">Read from a file</button>
<button type="button" class="forget">Forget my progress</button></p>
<input type="file" accept=".json,application/json" aria-label="A file with progress" hidden>
<p class="said" role="status"></p>
<dialog aria-labelledby="sure"><p id="sure">Forget all guesses, solved exercises and places? The notebooks that you have changed stay.</p>
<form method="dialog" class="ways"><button value="keep" autofocus>Keep</button> <button value="forget">Forget</button></form></dialog>
</section>
<section aria-labelledby="map"><h2 id="map">What leads to what</h2>
<p>${ready.length} notebooks. An arrow leads from what you should know to where it is needed.</p>
<div class="wide map" tabindex="0" role="region" aria-label="Map of the notebooks">${await drawMap(ready)}</div></section>
${lists.join('\n')}
<section aria-labelledby="claims"><h2 id="claims">What is claimed, and how it came out</h2>
<p>Each notebook takes up a topic of a set of study notes. Of their ${count(stated.length, 'statement')}:</p>
${claimsTable(stated)}
<p><a href="${to(ERRATA)}">All of them, to search</a>: corrections, conditions, opinions.</p></section>
<section aria-labelledby="further"><h2 id="further">Further</h2>
<ul><li><a href="${to(LABORATORY)}">The laboratory</a>: JupyterLab with all notebooks and a TypeScript kernel, in this page. What you change there stays in this browser.</li>
<li><a href="${to(OPS)}">Operations</a>: every function of the library with its formula and its derivative.</li>
<li><a href="${to(API)}">API reference</a>: every name with its arguments, what it gives and what it throws.</li>
<li><a href="${to(PYTORCH)}">Beside PyTorch</a>: what differs on purpose, and how much of PyTorch is here.</li>
<li><a href="${to(NOTICES)}">Notices</a>: what this site has of others, and under which licences.</li></ul>
<h3>On your own machine</h3>
<p>With Node.js 20.19 and Python 3.10 or later, in a copy of the project: <code>npm start</code>. It sets up JupyterLab and the
kernel inside that folder and opens the notebooks. Cells then have Node, npm packages and your files, and threads.</p></section>`;
  const html = page({
    address: START,
    title: 'A deep-learning laboratory',
    description:
      'Deep learning in TypeScript, in notebooks that run in your browser: guess, move a slider, measure every claim.',
    tools: `<a class="button" href="${to(LABORATORY)}">Laboratory</a>`,
    body,
    scripts: ['start.mjs', 'living.mjs', 'questions.mjs'],
    sheets: ['figures.css'],
    style: [fs.readFileSync(path.join(import.meta.dirname, 'start.css'), 'utf8'), ...opening.rules].join('\n'),
    // JupyterLite looks for this element in the page at its root, and hangs without.
    data: `<script id="jupyter-config-data" type="application/json" data-jupyter-lite-root=".">{}</script>
<script id="notebooks" type="application/json">${dataOf(lessons)}</script>`,
  });
  fs.writeFileSync(path.join(site, START), html);
}
