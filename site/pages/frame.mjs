// The frame of every page that needs no kernel: head, header with navigation and the colour switch, and the body.

import fs from 'node:fs';
import path from 'node:path';
import { bundleOfPage, pageModules } from '../../kernel-setup/setup/page.mjs';
import { escapeHtml } from '../../tools/notebooks/markdown.mjs';
import { ASSETS, DOCS, linkFrom, markdownOf, RENDERER, SEARCH, START } from './addresses.mjs';

const here = import.meta.dirname;

/** The search field for page/site/search.ts; without scripts it is absent. */
const find = (
  address,
  asks,
) => `<search><form class="find" data-root="${linkFrom(address, START).replace(/[^/]*$/, '') || './'}" data-index="${linkFrom(address, SEARCH)}"${asks ? ` data-asks="${asks}"` : ''}>
<input type="search" role="combobox" aria-label="Find" placeholder="Find" aria-keyshortcuts="/" title="Find: press /" autocomplete="off"
spellcheck="false" enterkeyhint="go" aria-autocomplete="list" aria-expanded="false" aria-controls="found">
<div class="results"><div id="found" role="listbox" aria-label="Found" hidden></div><p role="status" hidden></p></div></form></search>`;

/** The button for page/site/offline.ts. */
export const KEEP = '<button type="button" class="offline" hidden></button>';

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
 * @param {boolean} [parts.keeps] whether the page has its own button that keeps the site for offline use; else its foot has
 *   one
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
    keeps,
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
    ...['search.mjs', 'frame.mjs', ...scripts].map((name) => `<script type="module" src="${asset(name)}"></script>`),
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
${
  keeps
    ? ''
    : `<footer>${KEEP} <span role="status"></span></footer>
`
}</body>
</html>
`;
}

/**
 * A list of the visible level-2 headings, which stays beside the text if there is space. A link in a heading becomes
 * text.
 */
export function contents(html, label) {
  const headings = [...html.replace(/<details[\s\S]*?<\/details>/g, '').matchAll(/<h2 id="([^"]*)">([\s\S]*?)<\/h2>/g)];
  const items = headings.map(([, id, text]) => `<li><a href="#${id}">${text.replace(/<\/?a\b[^>]*>/g, '')}</a></li>`);
  return `<nav class="contents" aria-label="Contents"><p>${label}</p><ol>${items.join('')}</ol></nav>\n`;
}

/** The modules of pages, and the script that runs before a page shows. */
const modules = ['contents', 'filter', 'frame', 'living', 'marks', 'notebook', 'questions', 'search', 'start'];
const script = 'theme';

/**
 * Bundles page/site/ into a folder. Modules with a state that renderer and pages share, answers and progress, are loaded from the
 * renderer's folder, so that there is one instance.
 */
async function writeScripts(paths, dir) {
  const rendererFile = (name) => linkFrom(`${ASSETS}/any.mjs`, `${path.posix.dirname(RENDERER)}/${name}`);
  const shared = ['lesson', 'progress'].map((name) => [path.join(paths.pageSources, pageModules[name]), `${name}.js`]);
  const external = {
    name: 'shared-with-renderer',
    resolveId(id, importer) {
      const to = importer && id.startsWith('.') ? `${path.resolve(path.dirname(importer), id)}.ts` : undefined;
      const found = shared.find(([file]) => file === to);
      return found && { id: `renderer:${found[1]}`, external: true };
    },
  };
  const sources = (names) => Object.fromEntries(names.map((name) => [name, `site/${name}.ts`]));
  const names = { entryFileNames: '[name].mjs', chunkFileNames: '[name].mjs' };
  const addresses = Object.fromEntries(shared.map(([, name]) => [`renderer:${name}`, rendererFile(name)]));
  const define = { RENDERER_FROM_ASSETS: JSON.stringify(rendererFile('remoteEntry.js')) };
  await bundleOfPage(paths, sources(modules), { dir, format: 'es', ...names, paths: addresses }, [external], define);
  await bundleOfPage(paths, sources([script]), { dir, format: 'iife' }, []);
}

/** Writes the files shared by all pages into the site. */
export async function writeAssets(paths, site) {
  const to = path.join(site, ASSETS);
  fs.cpSync(path.join(here, 'assets'), to, { recursive: true });
  await writeScripts(paths, to);
  const katex = path.join(paths.nodeModules, 'katex', 'dist');
  fs.mkdirSync(path.join(to, 'katex', 'fonts'), { recursive: true });
  // The other font formats are for browsers that cannot run the pages.
  const styles = fs.readFileSync(path.join(katex, 'katex.min.css'), 'utf8');
  const smaller = styles.replace(/,url\([^)]*\.(woff|ttf)\) format\("[a-z]+"\)/g, '');
  fs.writeFileSync(path.join(to, 'katex', 'katex.min.css'), smaller);
  for (const font of fs.readdirSync(path.join(katex, 'fonts')).filter((name) => name.endsWith('.woff2')))
    fs.copyFileSync(path.join(katex, 'fonts', font), path.join(to, 'katex', 'fonts', font));
}
