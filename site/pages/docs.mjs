// The documents of docs/ as pages, each with its Markdown beside it, and their index.
import fs from 'node:fs';
import path, { posix } from 'node:path';
import { setImmediate as pause } from 'node:timers/promises';
import { filesBelow, readJson } from '../../kernel-setup/setup/files.mjs';
import { escapeHtml, highlighted, markdownReader } from '../../tools/notebooks/markdown.mjs';
import { addressesOf } from '../../tools/release/address.mjs';
import { documentPage, linkFrom, markdownOf } from './addresses.mjs';
import { contents, page } from './frame.mjs';
import { placeOf } from './notebook-page.mjs';
import { firstSentence, firstSentences, plain, relinked } from './plain-text.mjs';
import { Outputs } from './show-outputs.mjs';

/** The folders of docs/, in the order of reading. */
const ROOMS = ['start', 'how-to', 'reference', 'why'];
/** The section of the documents directly in docs/, if its index lists them. */
const ROOM_OF_TOP = 'reference';
const INDEX = 'index.md';
/** Minimum number of headings for which a page lists them. */
const FROM = 3;

const FIRST_LINE = /^\*([^*]+) · (\d+ minutes?)\*\n+/;
const LINK = /\[([^\][]*)\]\(([^)\s]+)\)/g;
const isElsewhere = (address) => /^([a-z]+:|\/\/|#)/i.test(address);

/**
 * @typedef {object} Document
 * @property {string} name its path below docs/
 * @property {string} title plain text
 * @property {string} [kind] of a document in a section, such as How-to
 * @property {string} [minutes] reading time, such as "5 minutes"
 * @property {string} text Markdown, from its heading on
 * @property {string} [words] search terms that the text lacks: its comment `<!-- words: … -->`
 * @property {string} about its first sentences, as plain text
 */

/** The introduction of a document as plain text: its first paragraph, or the first sentences of its steps. */
function aboutOf(text) {
  const [, ...blocks] = text.replace(/^ *```[\s\S]*?^ *```$/gm, '').split(/\n{2,}/);
  const first = blocks.find((block) => /^[^#|\s-]/.test(block)) ?? '';
  const steps = blocks.filter((block) => /^\d+\. /.test(block)).map((block) => block.replace(/^\d+\. /, ''));
  const said = /^\d+\. /.test(first) ? steps.map((step) => firstSentence(plain(step), 80)).join(' ') : plain(first);
  return firstSentences(said.replace(/:$/, '.'), 200);
}

/** @returns {Document} */
function documentOf(name, source) {
  const text = source.replace(/<!--[\s\S]*?-->\n*/g, '');
  const [, kind, minutes] = FIRST_LINE.exec(text) ?? [];
  const rest = text.replace(FIRST_LINE, '').trimStart();
  const title = plain(/^# (.*)$/m.exec(rest)?.[1] ?? '');
  const words = /<!-- words: (.*) -->/.exec(source)?.[1];
  return { name, kind, minutes, words, text: rest, title, about: aboutOf(rest) };
}

/**
 * All documents, by section in the order of their indexes; unlisted ones come last, in a section without a name.
 * @returns {{ rooms: { room?: string, documents: Document[] }[], files: string[] }} `files`: other files in docs/
 */
export function readDocs(root) {
  const folder = path.join(root, 'docs');
  const names = filesBelow(folder).map((file) => path.relative(folder, file).replaceAll(path.sep, '/'));
  const [texts, files] = [names.filter((name) => name.endsWith('.md')), names.filter((name) => !name.endsWith('.md'))];
  const documents = new Map(
    texts.sort().map((name) => [name, documentOf(name, fs.readFileSync(path.join(folder, name), 'utf8'))]),
  );
  const rooms = ROOMS.map((room) => {
    const index = documents.get(posix.join(room, INDEX));
    if (index === undefined) throw new Error(`docs/${room} has no ${INDEX}`);
    const listed = [...index.text.matchAll(LINK)].map(([, , address]) => posix.join(room, address.replace(/#.*/, '')));
    const isHere = (name) => posix.dirname(name) === room || (room === ROOM_OF_TOP && posix.dirname(name) === '.');
    const own = [
      ...new Set([index.name, ...listed.filter(isHere), ...texts.filter((name) => name.startsWith(`${room}/`))]),
    ];
    return { room, documents: own.flatMap((name) => documents.get(name) ?? []) };
  });
  const inRooms = new Set(rooms.flatMap((one) => one.documents));
  const others = { room: undefined, documents: [...documents.values()].filter((one) => !inRooms.has(one)) };
  return { rooms: [...rooms, others], files };
}

/**
 * The targets of links in documents: pages, files and notebooks of the site, the repository if it has an address, else
 * none.
 * @param {string} root the project's folder
 * @param {(notebook: string) => boolean} isReady whether a notebook has a page
 */
export function documentLinks(root, isReady) {
  const { rooms, files } = readDocs(root);
  const known = new Set(rooms.flatMap(({ documents }) => documents.map(({ name }) => name)));
  const { repository } = addressesOf(readJson(path.join(root, 'package.json')));
  const target = (file) => {
    const [folder] = file.split('/');
    const below = posix.relative(folder, file);
    if (folder === 'docs' && known.has(below)) return documentPage(below);
    if (folder === 'docs' && files.includes(below)) return posix.join(posix.dirname(documentPage(INDEX)), below);
    if (folder === 'notebooks') return placeOf(below, isReady);
    return repository && `${repository.url.replace(/^git\+|\.git$/g, '')}/blob/HEAD/${file}`;
  };
  /** @param {string} name of the document that has the link */
  return (name) => (address) => {
    if (isElsewhere(address)) return address;
    const [file, anchor] = address.split('#');
    const to = target(posix.join('docs', posix.dirname(name), decodeURIComponent(file)));
    if (to === undefined) return undefined;
    return (isElsewhere(to) ? to : linkFrom(documentPage(name), to)) + (anchor === undefined ? '' : `#${anchor}`);
  };
}

/** A block: code with its file's name, if it has one, or the output of the code before it. */
function block(code, info) {
  const [language = '', more] = info.split(' ');
  if (more === 'output') return `<pre class="output">${escapeHtml(code.trimEnd())}</pre>\n`;
  const file = /^(json|js)$/.test(language) && more ? `<p class="file">${escapeHtml(more)}</p>` : '';
  return `${file}<pre class="code"><code>${highlighted(code.trimEnd(), language)}</code></pre>\n`;
}

/** A picture of a figure. */
const PICTURE = /<p><img src="([^"]+)\/([^"/]+)\.png"[^>]*><\/p>/g;

/** The figures of a document's page; data and picture are files that Markdown and API reference have as well. */
class Figures extends Outputs {
  /** @param {string} source the document's folder in docs/ */
  constructor(source) {
    super({ folder: '', markdown: (text) => text, laboratory: '', recorded: [] });
    this.source = source;
    /** The name of the figure's files. */
    this.file = '';
  }

  /** The page's HTML with figures in the place of their pictures, if their data are beside these. */
  put(html) {
    return html.replace(PICTURE, (picture, folder, name) => {
      const file = path.join(this.source, folder, name);
      if (!fs.existsSync(`${file}.json`)) return picture;
      Object.assign(this, { folder, file: name });
      const data = { ...readJson(`${file}.json`), 'image/png': fs.readFileSync(`${file}.png`, 'base64') };
      return this.figure({ data, metadata: {} });
    });
  }

  /** @override */
  name() {
    return this.file;
  }

  /** @override */
  keep(name, ending, content) {
    const file = `${this.folder}/${name}.${ending}`;
    this.files.set(file, content);
    return file;
  }
}

/** A link text that is a document's file name becomes its title. */
const withTitles = (text, titles) =>
  text.replace(LINK, (all, label, address) =>
    label === posix.basename(address) && titles.has(label) ? `[${titles.get(label)}](${address})` : all,
  );

/** The index, as a document. */
function indexOf(rooms) {
  const lists = rooms.map(({ room, documents }) => {
    const [head, ...others] = room ? documents : [{ title: 'More' }, ...documents];
    const items = others.map(({ name, title, minutes }) => `- [${title}](${name})${minutes ? ` · ${minutes}` : ''}`);
    const heading = head.name ? `[${head.title}](${head.name})` : head.title;
    return `## ${heading}\n\n${items.join('\n')}\n`;
  });
  const about =
    'Start with the first page. How-to pages solve one task each. Reference pages list facts. Why pages give reasons.';
  return documentOf(INDEX, `# Documentation\n\n${about}\n\n${lists.join('\n')}`);
}

/**
 * Writes the pages of all documents that have no page of another kind, the Markdown of all, and their index.
 * @param {object} paths the project's
 * @param {string} site its folder
 * @param {(notebook: string) => boolean} isReady whether a notebook has a page
 * @returns {Promise<{ rooms: { room?: string, documents: Document[] }[] }>}
 */
export async function writeDocs(paths, site, isReady) {
  const { rooms, files } = readDocs(paths.root);
  const linksOf = documentLinks(paths.root, isReady);
  const top = path.posix.dirname(documentPage(INDEX));
  const write = (name, content) => {
    const file = path.join(site, name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, content);
  };
  const all = rooms.flatMap(({ documents }) => documents);
  const titles = new Map(all.map(({ name, title }) => [posix.basename(name), title]));
  const hasPage = ({ name }) => posix.dirname(documentPage(name)).startsWith(top);
  const index = indexOf(rooms);
  for (const { documents } of [{ documents: [index] }, ...rooms]) {
    const own = documents.filter(hasPage);
    for (const [i, one] of own.entries()) {
      await pause(); // as in index.mjs
      const text = withTitles(one.text, titles);
      const figures = new Figures(path.join(paths.root, 'docs', posix.dirname(one.name)));
      const html = documentPageOf({ ...one, text }, linksOf(one.name), [own[i - 1], own[i + 1]], figures);
      write(documentPage(one.name), html);
      const folder = posix.dirname(documentPage(one.name));
      for (const [file, content] of figures.files) write(posix.join(folder, file), content);
    }
    for (const { name, text } of documents) {
      const at = documentPage(name);
      const isDocument = (to) => all.some((other) => documentPage(other.name) === to);
      const asMarkdown = (address) => {
        const to = linksOf(name)(address);
        if (to === undefined || isElsewhere(to)) return to;
        const [file, anchor] = to.split('#');
        const link = isDocument(posix.join(posix.dirname(at), file)) ? markdownOf(file) : file;
        return link + (anchor === undefined ? '' : `#${anchor}`);
      };
      write(markdownOf(at), relinked(withTitles(text, titles), asMarkdown));
    }
  }
  for (const file of files.filter((name) => all.some(({ text }) => text.includes(`](${posix.basename(name)})`))))
    write(`${top}/${file}`, fs.readFileSync(path.join(paths.root, 'docs', file)));
  return { rooms };
}

/** The position of a document: the index, its section, and its reading time. */
function wayTo({ name, kind, minutes }, to) {
  if (name === INDEX) return '';
  const room = posix.join(posix.dirname(name), INDEX);
  const parts = [`<a href="${to(INDEX)}">Docs</a>`];
  if (kind) parts.push(`${name === room ? kind : `<a href="${to(room)}">${kind}</a>`} · ${minutes}`);
  return `<p class="kind">${parts.join(' › ')}</p>`;
}

/** Links to the previous and next document. */
function neighboursOf(before, after, to) {
  if (!before && !after) return '';
  const link = (rel, { name }, text) => `<a rel="${rel}" href="${to(name)}">${escapeHtml(text)}</a>`;
  return `<nav class="neighbours" aria-label="Pages beside this one">
${before ? link('prev', before, `← ${before.title}`) : '<span></span>'}
${after ? link('next', after, `${after.title} →`) : ''}
</nav>`;
}

/** GitHub's anchors, which the documents' links use. */
function anchors() {
  const counts = new Map();
  return (heading) => {
    const anchor = heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replace(/\s/g, '-');
    const count = counts.get(anchor) ?? 0;
    counts.set(anchor, count + 1);
    return count === 0 ? anchor : `${anchor}-${count}`;
  };
}

/** The HTML of a document's page, with links to the previous and next one in its section. */
function documentPageOf(one, linkTo, [before, after], figures) {
  const { name, title, words, text, about } = one;
  const address = documentPage(name);
  const to = (other) => linkFrom(address, documentPage(other));
  const html = figures.put(markdownReader(linkTo, { anchor: anchors(), block })(text));
  const hasFigures = figures.files.size > 0;
  const isLong = name !== INDEX && html.split('<h2 ').length > FROM;
  return page({
    address,
    title,
    description: about || `${title}: a page of gradlab’s documentation.`,
    body: `${isLong ? contents(html, 'On this page') : ''}<article>
${wayTo(one, to)}
${html}${neighboursOf(before, after, to)}</article>`,
    scripts: [...(hasFigures ? ['living.mjs'] : []), ...(isLong ? ['contents.mjs'] : [])],
    sheets: [...(hasFigures ? ['figures.css'] : []), 'notebook.css', 'docs.css'],
    style: figures.rules.join('\n'),
    hasMarkdown: true,
    words,
  });
}
