// The frame of every page that needs no kernel: head, header with navigation and the colour switch, and the body.

import fs from 'node:fs';
import path from 'node:path';
import { filesBelow } from '../../kernel-setup/setup/files.mjs';
import { escapeHtml } from '../../tools/notebooks/markdown.mjs';
import { ASSETS, DOCS, downloadSource, linkFrom, markdownOf, RENDERER, SEARCH, START } from './addresses.mjs';

const here = import.meta.dirname;

/** The search field for assets/search.mjs; without scripts it is absent. */
const find = (
  address,
  asks,
) => `<search><form class="find" data-root="${linkFrom(address, START).replace(/[^/]*$/, '') || './'}" data-index="${linkFrom(address, SEARCH)}"${asks ? ` data-asks="${asks}"` : ''}>
<input type="search" role="combobox" aria-label="Find" placeholder="Find" aria-keyshortcuts="/" title="Find: press /" autocomplete="off"
spellcheck="false" enterkeyhint="go" aria-autocomplete="list" aria-expanded="false" aria-controls="found">
<div class="results"><div id="found" role="listbox" aria-label="Found" hidden></div><p role="status" hidden></p></div></form></search>`;

/**
 * The HTML of a page.
 * @param {object} parts
 * @param {string} parts.address the page's address, relative to the site's root; links depend on it
 * @param {string} parts.title plain text
 * @param {string} parts.body HTML of what stands in `<main>`
 * @param {string} [parts.description] plain text for search engines
 * @param {string} [parts.words] what readers may search for and the text does not say, with commas
 * @param {string} [parts.tools] HTML at the header's right, such as a link into the laboratory
 * @param {string[]} [parts.scripts] names of modules among the assets
 * @param {string[]} [parts.sheets] names of style sheets among the assets
 * @param {string} [parts.style] style rules of this page alone
 * @param {string} [parts.data] HTML of elements in the head that scripts read
 * @param {boolean} [parts.hasMarkdown] whether the page's Markdown lies beside it
 * @param {'address'} [parts.asks] the initial query of the search: the words of the address, on the page for unknown
 *   addresses
 */
export function page(parts) {
  const {
    address,
    title,
    body,
    description,
    tools = '',
    scripts = [],
    sheets = [],
    style,
    data,
    hasMarkdown,
    words,
    asks,
  } = parts;
  // Formulas of questions are escaped in attributes.
  const math = /class=("|&quot;)katex/.test(body);
  const asset = (name) => linkFrom(address, `${ASSETS}/${name}`);
  const head = [
    `<title>${escapeHtml(title)} · gradlab</title>`,
    description && `<meta name="description" content="${escapeHtml(description)}">`,
    words && `<meta name="keywords" content="${escapeHtml(words)}">`,
    hasMarkdown && `<link rel="alternate" type="text/markdown" href="${linkFrom(address, markdownOf(address))}">`,
    ...[...(math ? ['katex/katex.min.css'] : []), 'style.css', ...sheets].map(
      (name) => `<link rel="stylesheet" href="${asset(name)}">`,
    ),
    style && `<style>${style}</style>`,
    data,
    `<script src="${asset('theme.js')}"></script>`,
    ...['search.mjs', 'scrolling.mjs', ...scripts].map(
      (name) => `<script type="module" src="${asset(name)}"></script>`,
    ),
  ];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="${asset('icon.svg')}" type="image/svg+xml">
${head.filter(Boolean).join('\n')}
</head>
<body>
<a class="skip" href="#main">To the text</a>
<header>
<nav aria-label="gradlab"><a class="home" href="${linkFrom(address, START)}">gradlab</a> <a href="${linkFrom(address, DOCS)}">Docs</a></nav>
${find(address, asks)}
<div class="tools">${tools}<button type="button" id="theme" hidden></button></div>
</header>
<main id="main">
${body}
</main>
</body>
</html>
`;
}

/** A list of the visible level-2 headings, which stays beside the text if there is space. */
export function contents(html, label) {
  const headings = [...html.replace(/<details[\s\S]*?<\/details>/g, '').matchAll(/<h2 id="([^"]*)">([\s\S]*?)<\/h2>/g)];
  const items = headings.map(([, id, text]) => `<li><a href="#${id}">${text}</a></li>`);
  return `<nav class="contents" aria-label="Contents"><p>${label}</p><ol>${items.join('')}</ol></nav>\n`;
}

/** The renderer's folder, relative to the assets. */
const rendererInSources = '../../extensions/gradlab-plotly/static/';

/** Copies the files shared by all pages into the site. */
export function writeAssets(paths, site) {
  const to = path.join(site, ASSETS);
  fs.cpSync(path.join(here, 'assets'), to, { recursive: true });
  fs.copyFileSync(downloadSource, path.join(to, 'download.mjs'));
  const renderer = `${path.dirname(linkFrom(`${ASSETS}/any.mjs`, RENDERER))}/`;
  for (const file of filesBelow(to).filter((name) => name.endsWith('.mjs')))
    fs.writeFileSync(file, fs.readFileSync(file, 'utf8').replaceAll(rendererInSources, renderer));
  const katex = path.join(paths.nodeModules, 'katex', 'dist');
  fs.mkdirSync(path.join(to, 'katex', 'fonts'), { recursive: true });
  // The other font formats are for browsers that cannot run the pages.
  const styles = fs.readFileSync(path.join(katex, 'katex.min.css'), 'utf8');
  const smaller = styles.replace(/,url\([^)]*\.(woff|ttf)\) format\("[a-z]+"\)/g, '');
  fs.writeFileSync(path.join(to, 'katex', 'katex.min.css'), smaller);
  for (const font of fs.readdirSync(path.join(katex, 'fonts')).filter((name) => name.endsWith('.woff2')))
    fs.copyFileSync(path.join(katex, 'fonts', font), path.join(to, 'katex', 'fonts', font));
}
