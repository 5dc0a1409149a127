// The pages of the site that need no kernel.
import fs from 'node:fs';
import path from 'node:path';
import { setImmediate as pause } from 'node:timers/promises';
import { isChapter } from '../../tools/notebooks/map.mjs';
import { readNotebook } from '../../tools/notebooks/notebook-file.mjs';
import { toText } from '../../tools/notebooks/notebook-text.mjs';
import { linkFrom, markdownOf, pageOf } from './addresses.mjs';
import { writeApi } from './api/index.mjs';
import { documentLinks, writeDocs } from './docs.mjs';
import { writeErrata } from './errata.mjs';
import { writeAssets } from './frame.mjs';
import { writeLlms } from './llms.mjs';
import { writeNotFound } from './not-found.mjs';
import { linkOf, notebookPage } from './notebook-page.mjs';
import { writeOps } from './ops.mjs';
import { relinked } from './plain-text.mjs';
import { writePytorch } from './pytorch.mjs';
import { readNotebooks } from './read-notebooks.mjs';
import { recordControls } from './record.mjs';
import { writeSearchIndex } from './search-index.mjs';
import { loadRenderer } from './show-outputs.mjs';
import { writeCoursePage, writeStartPage } from './start-page.mjs';

/** The number of notebooks that run at a time while their controls are moved. */
const atATime = 2;

/**
 * Writes the start page, the errata, the references, a page for each notebook that is ready, and what all share, into a site.
 * @param {object} paths the project's
 * @param {string} site its folder
 * @param {object} options
 * @param {NodeJS.ProcessEnv} options.env
 * @param {(line: string) => void} options.log
 * @param {string} [options.title] of a course's start page; default: the name of its folder
 * @param {(name: string) => boolean} [options.moves] of which notebooks the controls can be moved; default: of all
 * @returns {Promise<string[]>} files of packages from which it took something
 */
export async function writePages(paths, site, { env, log, title, moves = () => true }) {
  writeAssets(paths, site);
  const notebooks = readNotebooks(paths.notebooks);
  writeErrata(site, notebooks);
  await writeApi(paths, site, log);
  await loadRenderer(paths);
  const ready = notebooks.entries.filter(({ state }) => state === 'ready').map((entry) => entry.path);
  const chapters = new Map(notebooks.entries.filter(isChapter).map((entry) => [entry.path, entry.minutes]));
  const isReady = (name) => ready.includes(name);
  writeOps(paths, site);
  writePytorch(paths, site, documentLinks(paths.root, isReady));
  const { rooms } = await writeDocs(paths, site, isReady);
  const waiting = [...ready];
  const allRecorded = new Map();
  const work = async () => {
    for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
      await pause(); // a lock of the tests must be renewed meanwhile
      const recorded = moves(name) ? await recordControls(paths, name, { env, log }) : [];
      allRecorded.set(name, recorded);
      writePage(paths, site, name, { isReady, recorded, minutes: chapters.get(name) });
    }
  };
  await Promise.all(Array.from({ length: atATime }, work));
  for (const { path: name, was } of notebooks.entries.filter(({ state }) => state === 'ready'))
    for (const old of was) writeAddressOfBefore(site, pageOf(old), pageOf(name));
  const contentOf = (name) => ({
    notebook: readNotebook(path.join(paths.notebooks, name)),
    recorded: allRecorded.get(name),
  });
  if (notebooks.isCourse) writeCoursePage(site, notebooks, title ?? path.basename(paths.notebooks));
  else writeStartPage(site, notebooks, contentOf);
  await writeSearchIndex(paths, site, notebooks);
  writeNotFound(site);
  writeLlms(paths, site, rooms, notebooks);
  // Styles and fonts of formulas, and the scripts of the API reference.
  return ['katex', 'typedoc'].map((name) => path.join(paths.nodeModules, name, 'package.json'));
}

function writePage(paths, site, name, options) {
  try {
    const notebook = readNotebook(path.join(paths.notebooks, name));
    const { html, files } = notebookPage(notebook, { path: name, ...options });
    const to = path.join(site, pageOf(name));
    const folder = to.replace(/\.html$/, '');
    fs.mkdirSync(folder, { recursive: true });
    fs.writeFileSync(to, html);
    fs.writeFileSync(markdownOf(to), textForm(notebook, linkOf(name, options.isReady)));
    for (const [file, content] of files) fs.writeFileSync(path.join(folder, file), content);
  } catch (error) {
    throw new Error(`${name}: ${error.message}`, { cause: error });
  }
}

/** A notebook without its outputs; its links lead to the text of other notebooks. */
const textForm = (notebook, linkTo) =>
  relinked(toText(notebook), (address) => {
    const [file, anchor] = linkTo(address).split('#');
    const isPage = !/^[a-z]+:|lab\/index\.html|\bindex\.html|errata\.html/.test(file);
    return (isPage ? markdownOf(file) : file) + (anchor === undefined ? '' : `#${anchor}`);
  });

/** The page at an earlier address, which redirects to the same place on the current page. */
function writeAddressOfBefore(site, from, to) {
  const link = linkFrom(from, to);
  const file = path.join(site, from);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(
    file,
    `<!doctype html><meta charset="utf-8"><title>Moved</title><link rel="canonical" href="${link}">
<script>location.replace(${JSON.stringify(link)} + location.hash)</script>
<p>This page is <a href="${link}">at another address</a> now.</p>\n`,
  );
}
