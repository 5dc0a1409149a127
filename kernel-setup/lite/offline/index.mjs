// The last step of the site: every page gets the script of page.js, and the service worker the list of all files.
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { filesBelow } from '../../setup/files.mjs';

const here = import.meta.dirname;

const worker = 'offline.js';

/** What is only fetched when somebody asks for it, the whole of Fashion-MNIST, and the service worker itself. */
const notKept = (name) => /-ubyte\.gz$/.test(name) || name === worker;

/** As long as tells two builds of a file apart. */
const hashOf = (bytes) => createHash('sha256').update(bytes).digest('hex').slice(0, 16);

/** The script in a page, at the address from which it reaches the site's root. */
function addScript(html, name, script) {
  const root = '../'.repeat(name.split('/').length - 1) || './';
  const tag = `<script data-root="${root}" data-waits="${name.startsWith('lab/')}">\n${script}</script>`;
  const place = /<meta charset="utf-8" *\/?>/i.exec(html) ?? /<head>/i.exec(html);
  if (place === null) throw new Error(`${name} has no head`);
  const end = place.index + place[0].length;
  return `${html.slice(0, end)}\n${tag}${html.slice(end)}`;
}

/** Makes a site work offline. @param {string} site its folder, with all that it will hold */
export function keepOffline(site) {
  const script = fs.readFileSync(path.join(here, 'page.js'), 'utf8');
  const files = {};
  for (const file of filesBelow(site).sort()) {
    const name = path.relative(site, file).replaceAll(path.sep, '/');
    if (name.endsWith('.html')) fs.writeFileSync(file, addScript(fs.readFileSync(file, 'utf8'), name, script));
    if (!notKept(name)) files[name] = hashOf(fs.readFileSync(file));
  }
  const worker = fs.readFileSync(path.join(here, 'worker.js'), 'utf8');
  fs.writeFileSync(
    path.join(site, 'offline.js'),
    worker.replace('SITE_FILES', () => JSON.stringify(files)),
  );
}
