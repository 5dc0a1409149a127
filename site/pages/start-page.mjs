// The start page, at the site's root.
import fs from 'node:fs';
import path from 'node:path';
import { readJson } from '../../kernel-setup/setup/files.mjs';
import { isOwn, VERDICT_WORDS } from '../../tools/notebooks/claims.mjs';
import { isChapter, pathOf, questionsOf } from '../../tools/notebooks/map.mjs';
import { escapeHtml, markdownReader } from '../../tools/notebooks/markdown.mjs';
import { indexOf, inRows } from '../../tools/notebooks/places.mjs';
import { asName } from '../../tools/notebooks/references.mjs';
import { addressesOf } from '../../tools/release/address.mjs';
import {
  API,
  DOCS,
  ERRATA,
  LABORATORY,
  laboratoryOf,
  linkFrom,
  NOTICES,
  OPS,
  PYTORCH,
  pageOf,
  placeOnPage,
  START,
} from './addresses.mjs';
import { KEEP, page } from './frame.mjs';
import { Outputs } from './show-outputs.mjs';

const to = (address) => linkFrom(START, address);
const count = (number, one, many = `${one}s`) => `${number} ${number === 1 ? one : many}`;
const link = ({ path: notebook, title }) => `<a href="${to(pageOf(notebook))}">${escapeHtml(title)}</a>`;

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
    prefix: `${asName(ref)}-`,
  });

/** A notebook's first screen, figure and question, and their style rules. */
function hero(entry, { notebook, recorded }) {
  const outputs = outputsOf(entry, recorded);
  const html = `<article class="hero" data-notebook="${entry.path}"><h3>${link(entry)}</h3>
<div class="living">${outputs.firstScreen(notebook.cells)}</div>
${ways(entry)}</article>`;
  return { html, rules: outputs.rules };
}

/** A notebook as a picture of its first figure, its title and a sentence. */
function invitation(entry, { notebook, recorded }) {
  const { title, sentence, path: name } = entry;
  return `<li><a href="${to(pageOf(name))}">${outputsOf(entry, recorded).still(notebook.cells)}<strong>${escapeHtml(title)}</strong></a>
<p>${escapeHtml(sentence)}</p></li>`;
}

/** A note's headings in order: the section for each, and further questions. */
function noteInHand(note, { places, entries }) {
  const told = new Set();
  const items = inRows(places(note)).map(({ heading, entry, section }) => {
    const questions = told.has(entry.ref) ? [] : questionsOf({ entries }, entry);
    told.add(entry.ref);
    const at = section
      ? `: <a href="${to(pageOf(entry.path))}#${placeOnPage(section.cell)}">${escapeHtml(section.title)}</a>`
      : '';
    const deeper = questions.length > 0 ? `<br>Questions: ${questions.map(link).join(' · ')}` : '';
    const head = heading ? `<th scope="row">${escapeHtml(heading)}</th>` : '<td></td>';
    return `<tr>${head}<td>${link(entry)}${at}${deeper}</td></tr>`;
  });
  return `<details><summary>Note ${note.number}: ${escapeHtml(note.title)}</summary>
<table class="places"><tbody>${items.join('\n')}</tbody></table></details>`;
}

/** A notebook on one line, with the reader's progress. */
const line = ({ path: notebook, title, about, minutes, kind }) => `<li data-notebook="${notebook}" class="${kind}">
<a href="${to(pageOf(notebook))}">${escapeHtml(title)}</a> <span class="about">${escapeHtml([about, `${minutes} min`].filter(Boolean).join(' · '))}</span>
<span class="progress" hidden></span></li>`;

/** Chapters with their questions, by note. */
function topics({ notes, entries }) {
  const listed = (number) =>
    entries
      .filter((entry) => isChapter(entry) && entry.state === 'ready' && entry.note.number === number)
      .flatMap((entry) => [line(entry), ...questionsOf({ entries }, entry).map(line)]);
  return notes
    .map(({ number, title }) => [title, listed(number)])
    .filter(([, lines]) => lines.length > 0)
    .map(
      ([title, lines]) => `<details class="long" open><summary><h3>${escapeHtml(title)}</h3></summary>
<ul class="notebooks">${lines.join('\n')}</ul></details>`,
    )
    .join('\n');
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

/** The data about notebooks for the page's script. */
const dataOf = (entries) =>
  JSON.stringify(
    entries
      .filter(({ state }) => state === 'ready')
      .map((entry) => ({
        notebook: entry.path,
        title: entry.title,
        read: to(pageOf(entry.path)),
        open: to(laboratoryOf(entry.path)),
        predictions: entry.predictions,
        exercises: entry.exercises,
      })),
  ).replaceAll('<', '\\u003c');

/** The reader's progress, and what can be done with it. */
const progress = `<section id="progress" hidden aria-labelledby="your-progress"><h2 id="your-progress">Where you are</h2>
<p class="summary"></p><p class="on"></p>
<p class="ways"><button type="button" class="save">Save to a file</button>
<button type="button" class="load">Read from a file</button>
<button type="button" class="forget">Forget my progress</button>
${KEEP}</p>
<input type="file" accept=".json,application/json" aria-label="A file with progress" hidden>
<p class="said" role="status"></p>
<dialog aria-labelledby="sure"><p id="sure">Forget all guesses, solved exercises and places? The notebooks that you have changed stay.</p>
<form method="dialog" class="ways"><button value="keep" autofocus>Keep</button> <button value="forget">Forget</button></form></dialog>
</section>`;

const root = path.join(import.meta.dirname, '..', '..');
const { homepage } = addressesOf(readJson(path.join(root, 'package.json')));
const theProject = homepage === undefined ? 'the project' : `<a href="${escapeHtml(homepage)}">the project</a>`;

const ofLibrary = `<li><a href="${to(DOCS)}">Documentation</a>: your first net, how to solve one task each, the kernel, and why.</li>
<li><a href="${to(OPS)}">Operations</a>: every function of the library with its formula and its derivative.</li>
<li><a href="${to(API)}">API reference</a>: every name with its arguments, what it gives and what it throws.</li>
<li><a href="${to(PYTORCH)}">Beside PyTorch</a>: what differs on purpose, and how much of PyTorch is here.</li>
<li><a href="${to(NOTICES)}">Notices</a>: what this site has of others, and under which licences.</li>`;

const ofLaboratory = `<li><a href="${to(LABORATORY)}">The laboratory</a>: JupyterLab with all notebooks and a TypeScript kernel, in this page. What you change there stays in this browser.</li>`;

/**
 * Writes the page with its scripts and their data.
 * @param {string} site
 * @param {object[]} entries
 * @param {{ title: string, body: string, description?: string, rules?: string[] }} parts
 */
function writePage(site, entries, { rules = [], ...parts }) {
  const html = page({
    address: START,
    keeps: true,
    tools: `<a class="button" href="${to(LABORATORY)}">Laboratory</a>`,
    scripts: ['start.mjs', 'living.mjs', 'questions.mjs'],
    sheets: ['figures.css'],
    style: [fs.readFileSync(path.join(import.meta.dirname, 'start.css'), 'utf8'), ...rules].join('\n'),
    // JupyterLite looks for this element in the page at its root, and hangs without.
    data: `<script id="jupyter-config-data" type="application/json" data-jupyter-lite-root=".">{}</script>
<script id="notebooks" type="application/json">${dataOf(entries)}</script>`,
    ...parts,
  });
  fs.writeFileSync(path.join(site, START), html);
}

/** Writes the start page of a course: its notebooks, and the reader's progress. */
export function writeCoursePage(site, { entries, claims }, title) {
  const statements =
    claims.length > 0 ? `<li><a href="${to(ERRATA)}">Statements</a>: what the notebooks claim.</li>` : '';
  const body = `<h1>${escapeHtml(title)}</h1>
<section aria-labelledby="play"><h2 id="play">Notebooks</h2>
<ul class="notebooks">${entries.map(line).join('\n')}</ul></section>
${progress}
<section aria-labelledby="further"><h2 id="further">Further</h2>
<ul>${ofLaboratory}
${statements}
${ofLibrary}</ul></section>`;
  writePage(site, entries, { title, description: `${title}: notebooks that run in your browser.`, body });
}

/**
 * Writes it.
 * @param {object} notebooks from `readNotebooks`
 * @param {(path: string) => { notebook: object, recorded: object[] }} contentOf a notebook that is ready, with its controls
 */
export function writeStartPage(site, notebooks, contentOf) {
  const { entries, notes, playFirst, claims } = notebooks;
  const shown = playFirst
    .map(({ ref, sentence }) => ({ ...entries.find((entry) => entry.ref === ref), sentence }))
    .filter(({ state }) => state === 'ready');
  const [first] = shown;
  const opening = hero(first, contentOf(first.path));
  const invitations = shown.map((entry) => invitation(entry, contentOf(entry.path)));
  const stated = claims.filter((claim) => !isOwn(claim));
  const words = indexOf(notebooks).map(
    ({ word, entry }) => `<a href="${to(pageOf(entry.path))}">${escapeHtml(word)}</a>`,
  );
  const body = `<h1>Deep learning, to be tried</h1>
<p>Notebooks with figures that you move: guess, then look. Every statement in them is measured on the page. All of it runs in your
browser, in TypeScript, with nothing to install.</p>
<nav class="entrances" aria-label="On this page"><a href="#new">New to deep learning?</a> · <a href="#in-hand">A note in hand</a> ·
<a href="#topics">By topic</a> · <a href="#words">Index of words</a></nav>
<section aria-labelledby="play"><h2 id="play">Guess, then look</h2>
${opening.html}
<ul class="invitations">${invitations.join('\n')}</ul></section>
${progress}
<section aria-labelledby="new"><h2 id="new">If you are new to deep learning</h2>
<p>Read these chapters in this order. Each takes about half an hour.</p>
<ol class="path">${pathOf(notebooks)
    .map((entry) => `<li>${link(entry)} <span class="about">${escapeHtml(entry.about)}</span></li>`)
    .join('\n')}</ol></section>
<section aria-labelledby="in-hand"><h2 id="in-hand">If you have a note in hand</h2>
<p>The chapters follow five study notes. Here are the headings of each note in its order, and where each is taken up.</p>
${notes.map((note) => noteInHand(note, notebooks)).join('\n')}</section>
<section aria-labelledby="topics"><h2 id="topics">By topic</h2>
${topics(notebooks)}</section>
<section aria-labelledby="words"><h2 id="words">Index of words</h2>
<details class="long" open><summary>${words.length} words, each with the place that explains it</summary>
<p class="words">${words.join(' · ')}</p></details></section>
<section aria-labelledby="claims"><h2 id="claims">What is claimed, and how it came out</h2>
<p>The notebooks take up a set of study notes, and settle what these say.</p>
<details class="long" open><summary>The verdicts on their ${count(stated.length, 'statement')}</summary>
${claimsTable(stated)}</details>
<p><a href="${to(ERRATA)}">All of them, to search</a>: corrections, conditions, opinions. N marks a fact
that we found and no note states.</p></section>
<section aria-labelledby="further"><h2 id="further">Further</h2>
<ul>${ofLaboratory}
${ofLibrary}</ul>
<h3>On your own machine</h3>
<p>With Node.js 20.19 and Python 3.10 or later, in a copy of ${theProject}: <code>npm start</code>. It sets up JupyterLab and the
kernel inside that folder and opens the notebooks. Cells then have Node, npm packages and your files, and threads.</p></section>`;
  writePage(site, entries, {
    title: 'A deep-learning laboratory',
    description:
      'Deep learning in TypeScript, in notebooks that run in your browser: guess, move a slider, measure every claim.',
    body,
    rules: opening.rules,
  });
}
