// The last step of the site: every page gets the script of in-every-page.js, and the service worker the list of all
// files.
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { filesBelow } from '../../kernel-setup/setup/files.mjs';
import { API, downloadSource, LLMS, PAGES } from '../pages/addresses.mjs';

const here = import.meta.dirname;

const worker = 'offline.js';

const textOf = (name) => fs.readFileSync(path.join(here, name), 'utf8');

/** The pages of the API reference, more than all others together; most readers never open them. */
const isApart = (name) => name.startsWith(`${path.posix.dirname(API)}/`);
/** The Markdown of pages, and the list of it. */
const isForModels = (name) => name === LLMS || (name.startsWith(`${PAGES}/`) && name.endsWith('.md'));
/** Files that are fetched only on request, all of Fashion-MNIST, and the service worker itself. */
const notKept = (name) => isApart(name) || isForModels(name) || /-ubyte\.gz$/.test(name) || name === worker;

/** What servers compress. */
const packable = /\.(html|css|m?js|json|ipynb|svg|wasm|txt)$/;
const megabytes = (bytes) => Math.max(0.1, bytes / 1e6).toFixed(bytes < 1e6 ? 1 : 0);

/** As long as tells two builds of a file apart. */
const hashOf = (bytes) => createHash('sha256').update(bytes).digest('hex').slice(0, 16);

/** The script in a page, at the address from which it reaches the site's root. */
function addScript(html, name, script, { patience, size }) {
  const root = '../'.repeat(name.split('/').length - 1) || './';
  const about = `data-root="${root}" data-waits="${name.startsWith('lab/')}" data-patience="${patience}" data-size="${size}"`;
  const tag = `<script ${about}>\n${script}</script>`;
  const place = /<meta charset="utf-8" *\/?>/i.exec(html) ?? /<head>/i.exec(html);
  if (place === null) throw new Error(`${name} has no head`);
  const end = place.index + place[0].length;
  return `${html.slice(0, end)}\n${tag}${html.slice(end)}`;
}

/**
 * Makes a site work offline, and its pages report failed downloads.
 * @param {string} site its folder, complete
 * @param {{ patience?: number }} options `patience`: milliseconds without progress after which a download has failed
 */
export function keepOffline(site, { patience = 30_000 } = {}) {
  const download = fs.readFileSync(downloadSource, 'utf8').replace(/^export /m, '');
  const script = textOf('in-every-page.js').replace('DOWNLOAD', () => download);
  const files = {};
  const all = filesBelow(site).sort();
  const nameOf = (file) => path.relative(site, file).replaceAll(path.sep, '/');
  const packed = all
    .filter((file) => !notKept(nameOf(file)))
    .map((file) => {
      const bytes = fs.readFileSync(file);
      return packable.test(file) ? gzipSync(bytes, { level: 4 }).length : bytes.length;
    });
  const size = megabytes(packed.reduce((sum, bytes) => sum + bytes, 0));
  for (const file of all) {
    const name = nameOf(file);
    if (name.endsWith('.html') && !isApart(name))
      fs.writeFileSync(file, addScript(fs.readFileSync(file, 'utf8'), name, script, { patience, size }));
    if (!notKept(name)) files[name] = hashOf(fs.readFileSync(file));
  }
  const list = JSON.stringify(files);
  const filled = { DOWNLOAD: download, PATIENCE: String(patience), SITE_FILES: list, BUILD: hashOf(list) };
  fs.writeFileSync(
    path.join(site, worker),
    textOf('worker.js').replace(/\b(DOWNLOAD|PATIENCE|SITE_FILES|BUILD)\b/g, (name) => filled[name]),
  );
}
