// A chapter's table of contents: its visible headings, each with a link.
import { expect, test } from 'vitest';
import { contents } from '../../site/pages/frame.mjs';
import { notebookPage } from '../../site/pages/notebook-page.mjs';

const text = (id: string, source: string) => ({ cell_type: 'markdown', id, metadata: {}, source });
const notebook = {
  cells: [
    text('title', '# Descent'),
    text('one', '## 1 · How $\\eta$ acts\n\n### Below\n\nOn.'),
    text('folded', '<details><summary>More</summary>\n\n## Folded\n\n</details>'),
    text('short', '## In short\n\nDown.'),
  ],
  metadata: {},
};
const pageOf = (minutes?: number): string =>
  notebookPage(notebook, { path: '002-descent/01-descent.ipynb', isReady: () => true, minutes }).html;

test('a chapter has a table of contents with its minutes, and other notebooks have none', () => {
  const html = pageOf(25);
  const nav = /<nav class="contents"[\s\S]*?<\/nav>/.exec(html)![0];
  expect(nav).toContain('<p>Contents · 25 min</p>');
  const links = [...nav.matchAll(/<a href="#([^"]*)">/g)].map(([, id]) => id!);
  expect(links).toHaveLength(2);
  expect(links[1]).toBe('In-short');
  for (const id of links) expect(html.split(`<h2 id="${id}">`)).toHaveLength(2);
  expect(nav).not.toMatch(/Folded|Below/);
  expect(pageOf()).not.toContain('class="contents"');
});

test('a heading that is a link is text in the table of contents, because links cannot be nested', () => {
  const html = '<h2 id="curves"><a href="curves.html">Curves of <em>numbers</em></a></h2>';
  expect(contents(html, 'On this page')).toContain('<li><a href="#curves">Curves of <em>numbers</em></a></li>');
});

test('descriptions for search engines are the first sentences as plain text, links without marks', () => {
  const first = '# Descent\n\nSteps *down*.[·](#cell-id=note "E001") In a hurry: [the rate](#cell-id=rate), or `lr`.';
  const cells = [text('title', first), ...notebook.cells.slice(1)];
  const { html } = notebookPage({ ...notebook, cells }, { path: '002-descent/01-descent.ipynb', isReady: () => true });
  expect(html).toContain('<meta name="description" content="Steps down. In a hurry: the rate, or lr.">');
});
