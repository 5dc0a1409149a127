// The op reference, docs/ops.md, as a page to search.
import fs from 'node:fs';
import path from 'node:path';
import { OPS } from './addresses.mjs';
import { FILTER_STYLE, filter } from './filter.mjs';
import { markdownReader } from './markdown.mjs';
import { page } from './page.mjs';

const isEntry = (block) => block.startsWith('**');
const nameOf = (block) => /^\*\*([^*]+)\*\*/.exec(block)[1];

/** Writes it. */
export function writeOps(paths, site) {
  const markdown = markdownReader((address) => address);
  const text = fs
    .readFileSync(path.join(paths.root, 'docs', 'ops.md'), 'utf8')
    .replace(/<!--[\s\S]*?-->\n?/g, '')
    .replace(/\[([^\]]*)\]\([^)]*\.md\)/g, '$1'); // other documents are not in the site
  const [head, ...sections] = text.split(/^(?=## )/m);
  const [title, first, ...counts] = head.trim().split(/\n{2,}/);
  const seen = new Set();
  const entry = (block) => {
    const name = nameOf(block);
    const anchor = seen.has(name) ? '' : ` id="${name}"`;
    seen.add(name);
    return `<div class="op" data-kind="op"${anchor}>${markdown(block)}</div>`;
  };
  const body = sections.map((section) => {
    const blocks = section.trim().split(/\n{2,}/);
    return `<section>${blocks.map((block) => (isEntry(block) ? entry(block) : markdown(block))).join('\n')}</section>`;
  });
  const html = page({
    address: OPS,
    title: 'Operations',
    description: 'Every function of the library with its formula and its derivative.',
    body: `${markdown(`${title}\n\n${first}`)}
${filter({ label: 'Search names and descriptions' })}
${body.join('\n')}
<section>${markdown(counts.join('\n\n'))}</section>`,
    scripts: ['filter.mjs'],
    style: `${FILTER_STYLE}\n.op { overflow-x: auto; }\n.op:target { background: var(--plate); }`,
    math: true,
  });
  fs.writeFileSync(path.join(site, OPS), html);
}
