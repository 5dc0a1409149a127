// The pages of the site that need no kernel.
import fs from 'node:fs';
import path from 'node:path';
import { isChapter } from '../../tools/notebooks/map.mjs';
import { readNotebook } from '../../tools/notebooks/notebook-file.mjs';
import { linkFrom, pageOf } from './addresses.mjs';
import { writeApi } from './api/index.mjs';
import { writeErrata } from './errata.mjs';
import { writeAssets } from './frame.mjs';
import { writeNotFound } from './not-found.mjs';
import { notebookPage } from './notebook-page.mjs';
import { writeOps } from './ops.mjs';
import { writePytorch } from './pytorch.mjs';
import { readNotebooks } from './read-notebooks.mjs';
import { recordControls } from './record.mjs';
import { writeSearchIndex } from './search-index.mjs';
import { loadRenderer } from './show-outputs.mjs';
import { writeCoursePage, writeStartPage } from './start-page.mjs';

/** How many notebooks run at a time, to have their controls moved. */
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
  writeOps(paths, site);
  writePytorch(paths, site);
  await writeApi(paths, site, log);
  await loadRenderer(paths);
  const ready = notebooks.entries.filter(({ state }) => state === 'ready').map((entry) => entry.path);
  const chapters = new Map(notebooks.entries.filter(isChapter).map((entry) => [entry.path, entry.minutes]));
  const isReady = (name) => ready.includes(name);
  const waiting = [...ready];
  const allRecorded = new Map();
  const work = async () => {
    for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
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
  // Styles and fonts of formulas, and what brings the API reference to life.
  return ['katex', 'typedoc'].map((name) => path.join(paths.nodeModules, name, 'package.json'));
}

function writePage(paths, site, name, options) {
  try {
    const { html, files } = notebookPage(readNotebook(path.join(paths.notebooks, name)), { path: name, ...options });
    const to = path.join(site, pageOf(name));
    const folder = to.replace(/\.html$/, '');
    fs.mkdirSync(folder, { recursive: true });
    fs.writeFileSync(to, html);
    for (const [file, content] of files) fs.writeFileSync(path.join(folder, file), content);
  } catch (error) {
    throw new Error(`${name}: ${error.message}`, { cause: error });
  }
}

/** The page at an address of before, which leads on, to the same place on the page. */
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
