// The index of the search, small enough to be loaded at the first key.
import fs from 'node:fs';
import path, { posix } from 'node:path';
import { setImmediate as pause } from 'node:timers/promises';
import { filesBelow } from '../../kernel-setup/setup/files.mjs';
import { stemsOf } from '../../page/site/words.mjs';
import { isChapter } from '../../tools/notebooks/map.mjs';
import { readNotebook } from '../../tools/notebooks/notebook-file.mjs';
import { FAMILIES, hasFamily } from '../../tools/reference/families.mjs';
import { API, DOCS, documentPage, ERRATA, OPS, pageOf, placeOnPage, SEARCH } from './addresses.mjs';
import { readOps } from './ops-entries.mjs';
import { firstSentence, plain, shortened } from './plain-text.mjs';

/** The number of words of a section's text in the index: those that best distinguish it from other sections. */
const wordsOfText = 18;
/** Likewise for a document, whose headings name what it solves. */
const wordsOfDocument = 7;

/** Headings of sections that repeat what the others say. */
const everywhere = ['Exercises', 'In short', 'Check yourself'];

const entities = { amp: '&', lt: '<', gt: '>', quot: '"', nbsp: ' ' };
const textOf = (html) =>
  html
    .replace(/<(svg|style|script|button|annotation)[\s\S]*?<\/\1>/g, '')
    .replace(/<[^>]*>/g, '')
    .replace(/&(?:(\w+)|#(\d+)|#x([\da-f]+));/gi, (all, name, decimal, hex) =>
      name ? (entities[name] ?? all) : String.fromCodePoint(decimal ? Number(decimal) : Number.parseInt(hex, 16)),
    )
    .replace(/\s+/g, ' ')
    .trim();

class Index {
  pages = [];
  entries = [];
  /** All words of the sections, by entry. */
  #texts = new Map();
  /** The number of them that are kept. */
  #most = new Map();

  page(...page) {
    return this.pages.push(page) - 1;
  }

  /** Adds an entry. `text` is the shown text; for a section only its distinguishing words are kept. */
  add(kind, page, { anchor = '', title = '', text = '', most = wordsOfText } = {}) {
    const entry = [kind, page, anchor, title, text];
    if (kind === 'section' || title === '') {
      this.#texts.set(entry, stemsOf(text));
      this.#most.set(entry, most);
    }
    this.entries.push(entry);
  }

  /** The data: texts of sections reduced to their distinguishing words. */
  data() {
    const among = new Map();
    for (const stems of this.#texts.values())
      for (const stem of new Set(stems)) among.set(stem, (among.get(stem) ?? 0) + 1);
    for (const [entry, stems] of this.#texts) {
      const counts = new Map();
      for (const stem of stems) counts.set(stem, (counts.get(stem) ?? 0) + 1);
      const worth = ([stem, count]) => (1 + Math.log(count)) * Math.log(this.#texts.size / among.get(stem));
      entry[4] = [...counts]
        .filter(([stem, count]) => stem.length > 1 && stem.length < 20 && (among.get(stem) > 1 || count > 1))
        .sort((a, b) => worth(b) - worth(a))
        .slice(0, this.#most.get(entry))
        .map(([stem]) => stem)
        .join(' ');
    }
    return { pages: this.pages, entries: this.entries };
  }
}

/** A notebook and its sections, each with the statements that it settles. */
function addNotebook(index, root, entry, claims) {
  const { path: name, title, about, words } = entry;
  // The subject of a question is a list of words, too.
  const page = isChapter(entry)
    ? index.page(pageOf(name), title, about, words)
    : index.page(pageOf(name), title, '', about.split(', '));
  let section = { id: '', title: '', text: '' };
  const sections = [section];
  for (const { id, cell_type: kind, source } of readNotebook(path.join(root, name)).cells) {
    const heading = kind === 'markdown' && /^##+ (.*)$/m.exec(source);
    if (heading) {
      section = { id, title: plain(heading[1]), text: '' };
      sections.push(section);
    }
    if (kind === 'markdown') section.text += ` ${plain(source)}`;
    for (const { sentence, said, cell } of claims)
      if (cell !== undefined && cell === id) section.text += ` ${plain(sentence)} ${plain(said ?? '')}`;
  }
  index.add(isChapter(entry) ? 'chapter' : 'question', page, { text: sections[0].text });
  for (const { id, title: heading, text } of sections.slice(1).filter((one) => !everywhere.includes(one.title)))
    index.add('section', page, { anchor: placeOnPage(id), title: heading, text });
}

function addClaims(index, claims, title) {
  if (claims.length === 0) return;
  const page = index.page(ERRATA, title);
  index.add('page', page);
  for (const { id, sentence } of claims)
    index.add('claim', page, { anchor: id, title: `${id} · ${shortened(plain(sentence), 64)}` });
}

function addOps(index, paths) {
  const page = index.page(OPS, 'Operations');
  index.add('page', page);
  const seen = new Set();
  for (const { title, blocks } of readOps(path.join(paths.root, 'docs')).sections)
    for (const block of blocks) {
      // A function of a namespace leads to its options, which are on a family's page.
      if (typeof block === 'string' || seen.has(block.name) || hasFamily(`${title}.${block.name}`)) continue;
      const { name, text } = block;
      seen.add(name);
      index.add('operation', page, {
        anchor: name,
        title: name,
        text: firstSentence(plain(text.split('  \n')[1] ?? '')),
      });
    }
  return seen;
}

const familyPages = new Set(FAMILIES.map(({ name }) => documentPage(`reference/${name}.md`)));

/** Functions and classes of a family's page, each with its first sentence; they lead there and not to the API reference. */
function addFamily(index, page, sections) {
  for (const section of sections) {
    const [, anchor, names, text] = /^<h2 id="([^"]*)"[^>]*>(.*?)<\/h2>\s*<p>([\s\S]*?)<\/p>/.exec(section) ?? [];
    for (const name of names?.split(', ') ?? [])
      if (hasFamily(name)) index.add('api', page, { anchor, title: name, text: firstSentence(textOf(text)) });
  }
}

/** The pages of the API reference, each with its first sentence. */
async function addApi(index, site, known) {
  for (const folder of ['modules', 'classes', 'functions', 'variables'].map(
    (name) => `${posix.dirname(API)}/${name}/`,
  )) {
    const page = index.page(folder);
    for (const file of filesBelow(path.join(site, folder))) {
      const name = path.basename(file, '.html');
      if (known.has(name) || hasFamily(name.replace(/^lab\./, ''))) continue;
      const html = await fs.promises.readFile(file, 'utf8');
      const comment = /<div class="tsd-comment tsd-typography">\s*<p>([\s\S]*?)<\/p>/.exec(html);
      const text = comment ? textOf(comment[1]) : '';
      if (/^Moved /.test(text)) continue;
      index.add('api', page, { title: name, text: firstSentence(text) });
    }
  }
}

/** Pages whose sections are lists. */
const LISTS = [DOCS, ...['licences.md', 'reference/figures.md'].map(documentPage)];

/** All other pages with their headings, such as those of documents. */
async function addOthers(index, site) {
  const known = new Set(index.pages.map(([address]) => address));
  for (const file of filesBelow(site)) {
    const address = path.relative(site, file).replaceAll(path.sep, '/');
    if (!address.endsWith('.html') || known.has(address) || address.startsWith(`${posix.dirname(API)}/`)) continue;
    const html = await fs.promises.readFile(file, 'utf8');
    // Only our own pages, without those of JupyterLite and redirects from old addresses.
    const main = /<main id="main">([\s\S]*)<\/main>/.exec(html)?.[1];
    const title = /<h1[^>]*>([\s\S]*?)<\/h1>/.exec(main ?? '')?.[1];
    if (title === undefined || address === 'index.html') continue;
    const words = /<meta name="keywords" content="([^"]*)">/.exec(html)?.[1].split(', ');
    const page = index.page(address, textOf(title), ...(words ? ['', words] : []));
    const isDocument = address.startsWith(`${posix.dirname(DOCS)}/`);
    const most = isDocument ? wordsOfDocument : wordsOfText;
    const [top, ...sections] = (main ?? '').split(/(?=<h[23] id=")/);
    index.add(isDocument ? 'document' : 'page', page, { text: textOf(top), most });
    if (LISTS.includes(address)) continue;
    if (familyPages.has(address)) {
      addFamily(index, page, sections);
      continue;
    }
    for (const section of sections) {
      const [, anchor, heading] = /^<h[23] id="([^"]*)"[^>]*>([\s\S]*?)<\/h[23]>/.exec(section) ?? [];
      index.add('section', page, { anchor, title: textOf(heading), text: textOf(section), most });
    }
  }
}

/** Errors that need an explanation: the others' messages already name the allowed arguments. */
const toFind = ['AutogradError', 'DtypeError', 'GradcheckError', 'LinAlgError', 'NotImplementedError', 'ShapeError'];

/** The texts of the library's errors, each leading to its class. */
async function addErrors(index, paths, site) {
  const folder = `${posix.dirname(API)}/classes`;
  const pages = new Map();
  const seen = new Set();
  for (const file of filesBelow(paths.sources).filter((one) => one.endsWith('.ts'))) {
    const source = await fs.promises.readFile(file, 'utf8');
    for (const [, name, , message] of source.matchAll(/new (\w+Error)\(\s*(['"`])((?:(?!\2)[^\\\n]|\\.)*)\2/g)) {
      const text = message
        .replace(/\$\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\}/g, '…')
        .replace(/\\(.)/g, '$1')
        .replace(/^…: /, '');
      const address = `${folder}/${name}.html`;
      if (!toFind.includes(name)) continue;
      if (seen.has(text) || text.replace(/[^a-z]/gi, '').length < 12 || text.includes('${')) continue;
      if (!fs.existsSync(path.join(site, address))) continue;
      seen.add(text);
      if (!pages.has(name)) pages.set(name, index.page(address, name));
      index.add('error', pages.get(name), { title: shortened(text, 70) });
    }
  }
}

/**
 * Writes the index, of what `readNotebooks` returns, into a site that has all its pages.
 * @param {object} paths the project's
 */
export async function writeSearchIndex(paths, site, { entries, claims, isCourse }) {
  const index = new Index();
  for (const entry of entries.filter(({ state }) => state === 'ready')) {
    await pause(); // a lock of the tests must be renewed meanwhile
    addNotebook(
      index,
      paths.notebooks,
      entry,
      claims.filter(({ notebook }) => notebook === entry.path),
    );
  }
  addClaims(index, claims, isCourse ? 'Statements' : 'Errata');
  const known = addOps(index, paths);
  await addApi(index, site, known);
  await addErrors(index, paths, site);
  await addOthers(index, site);
  fs.writeFileSync(path.join(site, SEARCH), JSON.stringify(index.data()));
}
