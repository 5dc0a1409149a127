// Paths in the site, relative to its root; all other files use these.
import path, { posix } from 'node:path';
import { filesBelow, fingerprint } from '../../kernel-setup/setup/files.mjs';
import { START_PAGE } from '../../tools/notebooks/map.mjs';

const root = path.join(import.meta.dirname, '..', '..');
/** A function shared by pages, service worker and kernel. */
export const downloadSource = path.join(root, 'kernel-setup', 'kernel-in-page', 'download.mjs');

/** The version of scripts and styles that load each other, with those of third parties. */
const shared = [
  ...filesBelow(path.join(import.meta.dirname, 'assets')),
  downloadSource,
  ...filesBelow(path.join(root, 'kernel-setup', 'labextension-plotly')),
  path.join(root, 'package.json'),
];
/** Part of their addresses, so that no cache or server combines parts of two builds. */
export const VERSION = fingerprint(root, shared).slice(0, 12);

/** The folder of everything that needs no kernel. */
export const PAGES = 'pages';
/** The paths of the start page, the errata, the op reference and the page about PyTorch. */
export const START = 'index.html';
export const ERRATA = `${PAGES}/errata.html`;
export const OPS = `${PAGES}/ops.html`;
export const PYTORCH = `${PAGES}/pytorch.html`;
/** The documents: their index, and the page of each by its path below docs/. */
export const DOCS = `${PAGES}/docs/index.html`;
const ownPages = new Map([
  ['ops.md', OPS],
  ['pytorch.md', PYTORCH],
]);
export const documentPage = (name) => ownPages.get(name) ?? `${PAGES}/docs/${name.replace(/\.md$/, '.html')}`;
/** The Markdown source of a page, beside it. */
export const markdownOf = (page) => page.replace(/\.html$/, '.md');
/** The list of all pages for language models, see llmstxt.org. */
export const LLMS = 'llms.txt';
/** The API reference, which TypeDoc writes into its own folder (`api/` is JupyterLite's: its lists of files). */
export const API = 'reference/index.html';
/** Third-party code of the site, with its licences. */
export { NOTICES } from '../../tools/licences/notices.mjs';
/** Files shared by all pages. */
export const ASSETS = `${PAGES}/assets/${VERSION}`;
/** The index of the search. It includes notebooks, too, and so is outside the folder named by its version. */
export const SEARCH = `${PAGES}/search.json`;
/** The renderer of figures in JupyterLite. */
export const RENDERER = `extensions/gradlab-plotly/static/${VERSION}/remoteEntry.js`;

/** The laboratory. */
export const LABORATORY = 'lab/index.html';

/** The page of a notebook, named by its path below notebooks/. */
export const pageOf = (notebook) =>
  notebook === START_PAGE ? START : `${PAGES}/${notebook.replace(/\.ipynb$/, '.html')}`;

/** Returns the anchor of a cell on its page. */
export const placeOnPage = (cell) => `cell-${cell}`;

/** The laboratory with a notebook open. */
export const laboratoryOf = (notebook) => `${LABORATORY}?path=${encodeURIComponent(notebook)}`;

/** The relative link from the page at one address to another address. */
export const linkFrom = (page, address) => posix.relative(posix.dirname(page), address);
