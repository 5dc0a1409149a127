// The documents as pages of the site: links, headings, code, their Markdown versions, and the list for language models.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { paths } from '../../kernel-setup/setup/index.mjs';
import { DOCS, documentPage, LLMS, markdownOf, OPS, PYTORCH, pageOf } from '../../site/pages/addresses.mjs';
import { writeAddresses } from '../../site/pages/crawlers.mjs';
import { documentLinks, readDocs } from '../../site/pages/docs.mjs';
import { relinked } from '../../site/pages/plain-text.mjs';
import { FIGURE_PAGES } from '../../tools/reference/families.mjs';
import { figureFile } from '../../tools/reference/family-pages.mjs';
import { pages } from '../docs/fences';
import { allNotebooks } from '../support/turns.mjs';
import { buildPages, scratchSite } from './built-site';

const { folder, site } = scratchSite();
const read = (name: string) => fs.readFileSync(path.join(site, name), 'utf8');
const names = pages()
  .map(({ name }) => name)
  .filter((name) => name.startsWith('docs/'))
  .map((name) => name.slice('docs/'.length));
const addresses = [DOCS, ...names.map(documentPage)];

beforeAll(async () => {
  await buildPages(site);
});
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

const idsOf = (html: string) => [...html.matchAll(/\sid="([^"]*)"/g)].map(([, id]) => id!);

/** The links of a page or of a Markdown text that do not resolve in the site. */
function leadingNowhere(at: string, links: string[]): string[] {
  const base = new URL(at, 'http://site/');
  return links.filter((link) => {
    const { origin, pathname, hash } = new URL(link.replaceAll('&amp;', '&'), base);
    if (origin !== base.origin || pathname === '/lab/index.html') return false;
    const file = decodeURIComponent(pathname.slice(1));
    // Files that JupyterLite and the notices add later, and notebooks without a page.
    if (/^(files\/|THIRD-PARTY)/.test(file)) return false;
    if (!fs.existsSync(path.join(site, file))) return true;
    return file.endsWith('.html') && hash !== '' && !idsOf(read(file)).includes(decodeURIComponent(hash.slice(1)));
  });
}

const linksIn = (markdown: string) =>
  [...markdown.replace(/^ *```[\s\S]*?^ *```$|`[^`\n]+`/gm, '').matchAll(/\]\(([^)\s]+)[^)]*\)/g)].map(
    ([, link]) => link!,
  );

test('documents of operations and of PyTorch have one page each', () => {
  expect([documentPage('ops.md'), documentPage('pytorch.md')]).toEqual([OPS, PYTORCH]);
  expect(documentPage('how-to/train.md')).toBe('pages/docs/how-to/train.html');
});

test.each(addresses)('%s: one h1, the same title, every link resolves, no duplicate id', (address) => {
  const html = read(address);
  const [, ...heads] = html.split(/<h1[^>]*>/);
  expect(heads).toHaveLength(1);
  const title = /<title>(.*) · gradlab<\/title>/.exec(html)![1]!;
  expect(heads[0]!.split('</h1>')[0]!.replace(/<[^>]*>/g, '')).toBe(title);
  if (address !== OPS) expect(html).toMatch(/<meta name="description" content="[^"]{10,}">/);
  const links = [...html.matchAll(/<a [^>]*href="([^"]*)"/g)].map(([, href]) => href!);
  expect(leadingNowhere(address, links)).toEqual([]);
  const ids = idsOf(html);
  expect(ids.filter((id, i) => ids.indexOf(id) !== i)).toEqual([]);
  expect(html).not.toMatch(/href="[^"]*\.(md|ipynb)"(?! *>)/);
  expect(html).toContain(
    `<link rel="alternate" type="text/markdown" href="${path.posix.basename(markdownOf(address))}">`,
  );
  const markdown = read(markdownOf(address));
  expect(markdown).toMatch(/^# /);
  expect(leadingNowhere(address, linksIn(markdown))).toEqual([]);
});

test('the index links to every document, and previous and next lead through each section', () => {
  const index = read(DOCS);
  const { rooms } = readDocs(paths.root);
  expect(rooms.flatMap(({ documents }) => documents.map(({ name }) => name)).sort()).toEqual([...names].sort());
  for (const { documents } of rooms)
    for (const { name, minutes } of documents) {
      const link = path.posix.relative(path.posix.dirname(DOCS), documentPage(name));
      expect(index).toContain(`href="${link}"`);
      if (minutes && !name.endsWith('index.md'))
        expect(index).toMatch(new RegExp(`href="${link}">.*</a> · ${minutes}</li>`));
    }
  for (const { room, documents } of rooms.filter(({ room }) => room)) {
    const walked: string[] = [];
    for (let at: string | undefined = documentPage(`${room}/index.md`); at; ) {
      walked.push(at);
      const next: string | undefined = /rel="next" href="([^"]*)"/.exec(read(at))?.[1];
      at = next && path.posix.join(path.posix.dirname(at), next);
    }
    const own = documents.map(({ name }) => documentPage(name)).filter((page) => page !== OPS && page !== PYTORCH);
    expect(walked).toEqual(own);
  }
});

describe('a page', () => {
  test('highlights its code, with the output below it, and shows the names of files', () => {
    const html = read(documentPage('how-to/own-operation.md'));
    expect(html).toContain('<span class="hljs-keyword">import</span>');
    const withoutColours = html.replace(/<\/?span[^>]*>/g, '');
    expect(withoutColours).toContain(
      'grad(soft(x).sum(), x)[0]</code></pre>\n<pre class="output">tensor([0.2500, 0.4444',
    );
    expect(read(documentPage('how-to/own-notebook.md'))).toContain(
      '<p class="file">rates.predictions.json</p><pre class="code">',
    );
    for (const { name, fences } of pages().filter(({ name }) => name.startsWith('docs/'))) {
      const page = documentPage(name.slice('docs/'.length));
      if (page === OPS || page === PYTORCH) continue;
      const codes = fences.filter(({ kind }) => kind !== 'text output').length;
      expect(read(page).split('<pre class="code">').length - 1, name).toBe(codes);
      if (fences.some(({ kind }) => /^(ts|python)/.test(kind)))
        expect(read(page), name).toContain('<span class="hljs-');
    }
  });

  test('shows its kind and minutes above its heading, and lists its sections if it has three', () => {
    const html = read(documentPage('reference/kernel.md'));
    expect(html).toContain(
      '<p class="kind"><a href="../index.html">Docs</a> › <a href="index.html">Reference</a> · 6 minutes</p>',
    );
    expect(/<nav class="contents"[\s\S]*?<\/nav>/.exec(html)![0]).toContain('<a href="#stop">Stop</a>');
    expect(read(documentPage('how-to/fast.md'))).not.toContain('class="contents"');
    expect(html).not.toContain('../../tests/kernel/tslab/cases.ts');
    expect(html).toContain('with eight deliberate exceptions.');
  });

  test('names other documents by their titles', () => {
    expect(read(documentPage('reference/differences.md'))).toContain(
      '<a href="../oracle.html">PyTorch as the oracle</a>',
    );
    expect(read(markdownOf(documentPage('reference/differences.md')))).toContain(
      '[PyTorch as the oracle](../oracle.md)',
    );
  });

  test('has its figures, as pictures that come alive, with room for them', () => {
    for (const { name, names: functions } of FIGURE_PAGES) {
      const address = documentPage(`reference/${name}.md`);
      const html = read(address);
      expect(html).toContain('living.mjs');
      for (const one of functions) {
        const [file, anchor] = [figureFile(one), one.replace('.', '').toLowerCase()];
        expect(idsOf(html)).toContain(anchor);
        const figure = `<div class="figure" id="${file}" data-figure="figures/${file}.json"><img src="figures/${file}.png" alt=`;
        expect(html).toContain(figure);
        expect(html).toContain(`.js #${file}{--height:`);
        const at = path.posix.join(path.posix.dirname(address), 'figures', file);
        expect(JSON.parse(read(`${at}.json`)).data.length).toBeGreaterThan(0);
        expect(fs.statSync(path.join(site, `${at}.png`)).size).toBeGreaterThan(100);
      }
    }
    expect(read(documentPage('reference/library.md'))).not.toContain('living.mjs');
  });

  test('has at most 40 kB in gzip', () => {
    for (const address of addresses.filter((one) => one !== OPS))
      expect(gzipSync(read(address)).length, address).toBeLessThan(40_000);
  });
});

test('every notebook has its text beside its page, without outputs', () => {
  for (const name of allNotebooks) {
    const text = read(markdownOf(pageOf(name)));
    expect(text).toMatch(/^# /m);
    expect(read(pageOf(name))).toContain('<link rel="alternate" type="text/markdown"');
    expect(text).not.toContain('"image/png"');
    expect(leadingNowhere(pageOf(name), linksIn(text)), name).toEqual([]);
  }
});

test('llms.txt lists all of them, with links that resolve', () => {
  const text = read(LLMS);
  expect(text).toMatch(/^# gradlab\n\n> A deep-learning laboratory/);
  const links = linksIn(text);
  expect(leadingNowhere(LLMS, links)).toEqual([]);
  const wanted = [...names.map(documentPage), ...allNotebooks.map(pageOf)].map(markdownOf);
  expect(wanted.filter((address) => !links.includes(address))).toEqual([]);
});

test('on a site with an address, sitemap and llms.txt have full addresses of the documents', () => {
  const some = fs.mkdtempSync(path.join(os.tmpdir(), 'gradlab-docs-'));
  onTestFinished(() => fs.rmSync(some, { recursive: true, force: true }));
  for (const name of [LLMS, documentPage('how-to/train.md')]) {
    fs.mkdirSync(path.dirname(path.join(some, name)), { recursive: true });
    fs.copyFileSync(path.join(site, name), path.join(some, name));
  }
  writeAddresses(some, 'https://example.org/lab');
  const at = 'https://example.org/lab/pages/docs/how-to/train';
  expect(fs.readFileSync(path.join(some, 'sitemap.xml'), 'utf8')).toContain(`<loc>${at}.html</loc>`);
  expect(fs.readFileSync(path.join(some, LLMS), 'utf8')).toContain(`](${at}.md)`);
  expect(fs.readFileSync(path.join(some, documentPage('how-to/train.md')), 'utf8')).toContain(
    `<link rel="canonical" href="${at}.html">`,
  );
});

test('links to sources go to the repository if package.json names one, else they become text', () => {
  const root = fs.mkdtempSync(path.join(os.tmpdir(), 'gradlab-root-'));
  onTestFinished(() => fs.rmSync(root, { recursive: true, force: true }));
  for (const room of ['start', 'how-to', 'reference', 'why']) {
    fs.mkdirSync(path.join(root, 'docs', room), { recursive: true });
    fs.writeFileSync(path.join(root, 'docs', room, 'index.md'), `*Kind · 1 minute*\n\n# ${room}\n\nText.\n`);
  }
  const linkOf = (description: object) => {
    fs.writeFileSync(path.join(root, 'package.json'), JSON.stringify(description));
    return documentLinks(root, (name: string) => name === 'a/b.ipynb')('why/index.md');
  };
  const without = linkOf({});
  expect(without('../../src/ops/add.ts')).toBeUndefined();
  const link = linkOf({ repository: 'https://example.org/some/one' });
  expect(link('../../src/ops/add.ts#L3')).toBe('https://example.org/some/one/blob/HEAD/src/ops/add.ts#L3');
  expect(link('../start/index.md#install')).toBe('../start/index.html#install');
  expect(link('../../notebooks/a/b.ipynb')).toBe('../../a/b.html');
  expect(link('../../notebooks/errata.md')).toBe('../../errata.html');
  expect(link('https://example.org')).toBe('https://example.org');
});

test('links of Markdown change only outside of code', () => {
  const text = 'A [b](c.md "t") and `[d](e.md)`, [f](g.md).\n\n```ts run\nx[0](h.md)\n```\n';
  const to = (address: string) => (address === 'g.md' ? undefined : address.toUpperCase());
  expect(relinked(text, to)).toBe('A [b](C.MD "t") and `[d](e.md)`, f.\n\n```ts run\nx[0](h.md)\n```\n');
});
