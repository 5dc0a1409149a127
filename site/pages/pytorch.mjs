// gradlab compared with PyTorch: the table of docs/reference/differences.md and docs/pytorch.md, on one page.
import fs from 'node:fs';
import path from 'node:path';
import { markdownReader } from '../../tools/notebooks/markdown.mjs';
import { API, linkFrom, OPS, PYTORCH } from './addresses.mjs';
import { page } from './frame.mjs';

/** The table of differences on that page. */
const tableOf = /^(\| what \| PyTorch \| gradlab \|\n(?:\|.*\n)+)/m;

/** Writes it. @param {ReturnType<typeof import('./docs.mjs').documentLinks>} linksOf */
export function writePytorch(paths, site, linksOf) {
  const markdown = markdownReader(linksOf('pytorch.md'));
  const read = (...names) => fs.readFileSync(path.join(paths.root, ...names), 'utf8');
  const [, differences] = tableOf.exec(read('docs', 'reference', 'differences.md')) ?? [];
  if (differences === undefined) throw new Error('docs/reference/differences.md has no table of differences');
  const shared = read('docs', 'pytorch.md')
    .replace(/<!--[\s\S]*?-->\n?/g, '')
    .replace(/^(#+) /gm, '#$1 ');
  const html = page({
    address: PYTORCH,
    title: 'Beside PyTorch',
    description: 'Where gradlab differs from PyTorch on purpose, and how much of PyTorch is here.',
    body: `<h1>Beside PyTorch</h1>
<p>gradlab follows PyTorch: the same names in camelCase, the same defaults, semantics and errors. All of it is in
<a href="${linkFrom(PYTORCH, API)}">the API reference</a>, every formula in <a href="${linkFrom(PYTORCH, OPS)}">operations</a>.</p>
<h2>What differs on purpose</h2>
${markdown(differences)}
${markdown(shared)}`,
    hasMarkdown: true,
    style: 'td { vertical-align: top; text-align: left; } p code { overflow-wrap: anywhere; }',
  });
  fs.writeFileSync(path.join(site, PYTORCH), html);
}
