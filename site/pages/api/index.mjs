// The API reference: TypeDoc reads the library's declarations and writes a page for each name.
import fs from 'node:fs';
import path from 'node:path';
import { Application, LogLevel, normalizePath } from 'typedoc';
import { filesBelow, fingerprint, remove } from '../../../kernel-setup/setup/files.mjs';
import { escapeHtml } from '../../../tools/notebooks/markdown.mjs';
import { altsOf } from '../../../tools/reference/draw-figures.mjs';
import { FIGURE_PAGES } from '../../../tools/reference/families.mjs';
import { figureFile } from '../../../tools/reference/family-pages.mjs';
import { API, ASSETS, documentPage, LABORATORY, linkFrom, OPS, PYTORCH, START } from '../addresses.mjs';
import { readOps } from '../ops-entries.mjs';
import { arrange, familyOrder } from './arrange.mjs';

const here = import.meta.dirname;
const folder = path.posix.dirname(API);

/** The links above the content of every page, relative to the site's root. */
const around = {
  gradlab: START,
  'the laboratory': LABORATORY,
  'operations with formulas': OPS,
  'beside PyTorch': PYTORCH,
};

/**
 * Writes the reference into a site; reuses an earlier one of the same sources.
 * @param {object} paths the project's
 * @param {string} site its folder
 * @param {(line: string) => void} log
 */
export async function writeApi(paths, site, log) {
  const docs = path.join(paths.root, 'docs');
  const sources = [
    ...filesBelow(paths.sources),
    ...filesBelow(here),
    path.join(docs, 'ops.md'),
    ...filesBelow(path.join(docs, 'reference', 'figures')),
    path.join(paths.root, 'tools', 'reference', 'families.mjs'),
    path.join(here, '../addresses.mjs'),
  ];
  const mark = fingerprint(paths.root, [...sources, path.join(paths.nodeModules, 'typedoc', 'package.json')]);
  const cache = path.join(paths.state, 'site', 'api');
  const kept = path.join(cache, mark.slice(0, 16));
  const out = path.join(site, folder);
  if (fs.existsSync(kept)) {
    fs.cpSync(kept, out, { recursive: true });
    return;
  }
  log('… the API reference');
  await lay(out, readOps(docs), (name) => figuresOf(path.join(docs, 'reference', 'figures'), name));
  keep(out, kept);
}

/**
 * Copies it for the next site. Several may be built at once: each copies under a unique name, and the first is used.
 */
function keep(made, kept) {
  const cache = path.dirname(kept);
  const copy = `${kept}.${process.pid}`;
  fs.cpSync(made, copy, { recursive: true });
  if (fs.existsSync(kept)) remove(copy);
  else fs.renameSync(copy, kept);
  for (const name of fs.readdirSync(cache)) if (!name.startsWith(path.basename(kept))) remove(path.join(cache, name));
}

async function lay(out, ops, figures) {
  const app = await Application.bootstrap({
    entryPoints: [path.join(here, 'doors.ts')],
    tsconfig: path.join(here, 'tsconfig.json'),
    name: 'gradlab',
    readme: 'none',
    // The sources are checked when the library is built.
    skipErrorChecking: true,
    excludeExternals: true,
    disableSources: true,
    disableGit: true,
    hideGenerator: true,
    githubPages: false,
    navigation: { includeCategories: true, includeGroups: false },
    categorizeByGroup: false,
    categoryOrder: familyOrder,
    sortEntryPoints: false,
    // Types that only name the members of another one are shown at their use.
    validation: { notExported: false, invalidLink: true, rewrittenLink: true, notDocumented: false },
    customCss: path.join(here, 'style.css'),
    logLevel: LogLevel.Warn,
  });
  arrange(app, { ops, around: linksFrom, figuresOf: figures });
  const project = await app.convert();
  if (project === undefined) throw new Error('TypeDoc could not read the declarations; its messages are above');
  app.validate(project);
  await app.generateDocs(project, normalizePath(out));
  if (app.logger.errorCount + app.logger.warningCount > 0)
    throw new Error('the API reference has errors or warnings, shown above: fix the comments that they name');
  const styles = path.join(out, 'assets', 'custom.css');
  const katex = linkFrom(`${folder}/assets/custom.css`, `${ASSETS}/katex/katex.min.css`);
  fs.writeFileSync(styles, `@import '${katex}';\n${fs.readFileSync(styles, 'utf8')}`);
}

/** The figures of a function as pictures that lead to where they are live, as HTML; empty if it draws none. */
function figuresOf(files, name) {
  const page = FIGURE_PAGES.find(({ names }) => names.includes(name));
  if (page === undefined) return '';
  const at = `${folder}/functions/any.html`;
  const live = linkFrom(at, documentPage(`reference/${page.name}.md`));
  const pictures = altsOf(files, name).map((alt, i) => {
    const file = linkFrom(at, documentPage(`reference/figures/${figureFile(name, i)}.md`)).replace(/html$/, 'png');
    return `<img src="${file}" alt="${escapeHtml(alt)}" loading="lazy">`;
  });
  const anchor = name.replaceAll('.', '').toLowerCase();
  return `<p class="figure"><a href="${live}#${anchor}">${pictures.join('')}<br>Move this figure</a></p>`;
}

/** Returns the links above the content, relative to a page of the reference. */
const linksFrom = (page) =>
  Object.entries(around).map(([text, address]) => ({ text, href: linkFrom(`${folder}/${page}`, address) }));
