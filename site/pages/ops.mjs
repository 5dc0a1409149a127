// The op reference, docs/ops.md, as a searchable page.
import fs from 'node:fs';
import path from 'node:path';
import { markdownReader } from '../../tools/notebooks/markdown.mjs';
import { API, linkFrom, OPS, PYTORCH } from './addresses.mjs';
import { FILTER_STYLE, filter } from './filter-form.mjs';
import { page } from './frame.mjs';
import { readOps } from './ops-entries.mjs';

/** Writes it. */
export function writeOps(paths, site) {
  const markdown = markdownReader((address) => address);
  const { title, about, sections } = readOps(path.join(paths.root, 'docs'));
  const seen = new Set();
  const entry = ({ name, text }) => {
    const anchor = seen.has(name) ? '' : ` id="${name}"`;
    seen.add(name);
    return `<div class="op" data-kind="op"${anchor}>${markdown(text)}</div>`;
  };
  const body = sections.map(
    ({ blocks }) =>
      `<section>${blocks.map((block) => (typeof block === 'string' ? markdown(block) : entry(block))).join('\n')}</section>`,
  );
  const html = page({
    address: OPS,
    title: 'Operations',
    description: 'Every function of the library with its formula and its derivative.',
    body: `${markdown(`${title}\n\n${about}`)}
<p>With all arguments and what they throw: <a href="${linkFrom(OPS, API)}">the API reference</a>.
<a href="${linkFrom(OPS, PYTORCH)}">Beside PyTorch</a>: what differs, and what is not there.</p>
${filter({ label: 'Search names and descriptions' })}
${body.join('\n')}`,
    scripts: ['filter.mjs'],
    hasMarkdown: true,
    style: `${FILTER_STYLE}\n.op { overflow-x: auto; }\n.op:target { background: var(--plate); }`,
  });
  fs.writeFileSync(path.join(site, OPS), html);
}
