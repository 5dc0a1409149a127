// docs/ops.md by sections and entries, for the page of operations and the API reference.
import fs from 'node:fs';
import path from 'node:path';

const isEntry = (block) => block.startsWith('**');

/**
 * @typedef {object} Entry an operation
 * @property {string} name
 * @property {string} text Markdown
 * @property {string | undefined} formula TeX with its dollar signs, of its result and its gradients
 *
 * @param {string} docs the folder of the documents
 * @returns {{ title: string, about: string, sections: { title: string, blocks: (string | Entry)[] }[] }}
 */
export function readOps(docs) {
  const text = fs
    .readFileSync(path.join(docs, 'ops.md'), 'utf8')
    .replace(/<!--[\s\S]*?-->\n?/g, '')
    .replace(/^.*\]\([^)]*\.md\).*\n/gm, ''); // other documents are not in the site
  const [head, ...sections] = text.split(/^(?=## )/m);
  const [title, about] = head.trim().split(/\n{2,}/);
  return { title, about, sections: sections.map(sectionOf) };
}

function sectionOf(section) {
  const [heading, ...blocks] = section.trim().split(/\n{2,}/);
  return { title: heading.replace(/^## /, ''), blocks: [heading, ...blocks].map((b) => (isEntry(b) ? entryOf(b) : b)) };
}

const entryOf = (text) => ({
  name: /^\*\*([^*]+)\*\*/.exec(text)[1],
  text,
  formula: text.split('  \n').find((line) => line.startsWith('$')),
});
