// llms.txt: the list of all pages for language models, each as Markdown; see llmstxt.org.
import fs from 'node:fs';
import path from 'node:path';
import { readJson } from '../../kernel-setup/setup/files.mjs';
import { API, documentPage, LLMS, markdownOf, pageOf } from './addresses.mjs';
import { firstSentence } from './plain-text.mjs';

const line = (title, address, about) => `- [${title}](${address})${about ? `: ${about}` : ''}`;

/**
 * Writes it, of the entries from `readNotebooks`, with links relative to the site's root.
 * @param {object} paths the project's
 * @param {{ room?: string, documents: object[] }[]} rooms from `writeDocs`
 */
export function writeLlms(paths, site, rooms, { entries }) {
  const { description } = readJson(path.join(paths.root, 'package.json'));
  const ready = entries.filter(({ state }) => state === 'ready');
  const lists = [
    ...rooms.map(({ room, documents }) => [
      room ? documents[0].title : 'More',
      documents.map(({ name, title, about }) => line(title, markdownOf(documentPage(name)), firstSentence(about, 120))),
    ]),
    ['Notebooks', ready.map(({ path: name, title, about }) => line(title, markdownOf(pageOf(name)), about))],
    ['API', [line('API reference', API, 'every name with its arguments, as HTML')]],
  ];
  const text = lists.map(([title, lines]) => `## ${title}\n\n${lines.join('\n')}\n`).join('\n');
  fs.writeFileSync(
    path.join(site, LLMS),
    `# gradlab\n\n> ${description}\n\nEach link leads to Markdown. The page for readers has the same address with .html.\n\n${text}`,
  );
}
