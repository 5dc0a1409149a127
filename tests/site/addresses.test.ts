// Results of the site's address: canonical links, sitemap, robots.txt, and the 404 page.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { writeAddresses } from '../../site/pages/crawlers.mjs';
import { page } from '../../site/pages/frame.mjs';
import { NOT_FOUND, writeNotFound } from '../../site/pages/not-found.mjs';

const site = fs.mkdtempSync(path.join(os.tmpdir(), 'gradlab-addresses-'));
afterAll(() => fs.rmSync(site, { recursive: true, force: true }));
const read = (name: string) => fs.readFileSync(path.join(site, name), 'utf8');

test('every page names its address, the sitemap lists them, and the 404 page works in every folder', () => {
  for (const address of ['index.html', 'pages/one.html']) {
    fs.mkdirSync(path.dirname(path.join(site, address)), { recursive: true });
    const body = address === 'index.html' ? '' : '<img alt="" src="icon.svg"><img alt="" src="one/figure-1.png">';
    const description = 'One & "two"';
    fs.writeFileSync(path.join(site, address), page({ address, title: address, body, description }));
  }
  fs.writeFileSync(path.join(site, 'moved.html'), '<title>Moved</title>');
  // The 404 page links to what the site has.
  fs.writeFileSync(path.join(site, 'pages', 'ops.html'), '<title>Operations</title>');
  writeNotFound(site);
  expect(read(NOT_FOUND)).toContain('href="pages/ops.html"');
  expect(read(NOT_FOUND)).not.toContain('href="pages/errata.html"');
  writeAddresses(site, 'https://example.org/some/site');
  const root = 'https://example.org/some/site/';
  expect(read('index.html')).toContain(`<link rel="canonical" href="${root}">`);
  expect(read('pages/one.html')).toContain(`<link rel="canonical" href="${root}pages/one.html">`);
  const tags = (name: string) =>
    Object.fromEntries(
      [...read(name).matchAll(/<meta (?:property|name)="((?:og|twitter):[^"]*)" content="([^"]*)">/g)].map((m) =>
        m.slice(1),
      ),
    );
  const one = {
    'og:type': 'article',
    'og:site_name': 'gradlab',
    'og:url': `${root}pages/one.html`,
    'og:title': 'pages/one.html',
    'og:description': 'One &amp; &quot;two&quot;',
  };
  const image = { 'og:image': `${root}pages/one/figure-1.png`, 'twitter:card': 'summary_large_image' };
  expect(tags('pages/one.html')).toEqual({ ...one, ...image });
  expect(tags('index.html')).toEqual({ ...one, 'og:url': root, 'og:title': 'index.html' });
  expect(read('moved.html')).not.toContain('canonical');
  const listed = [...read('sitemap.xml').matchAll(/<loc>([^<]*)<\/loc>/g)].map(([, address]) => address);
  expect(listed).toEqual([root, `${root}pages/one.html`]);
  expect(read('robots.txt')).toContain(`Sitemap: ${root}sitemap.xml`);
  const missing = read(NOT_FOUND);
  expect(missing).toContain('name="robots" content="noindex"');
  const links = [...missing.matchAll(/ (?:href|src|data-root|data-index)="([^"]*)"/g)].map(([, to]) => to!);
  expect(links.filter((to) => !to.startsWith('/some/site/') && to !== '#main')).toEqual([]);
  expect(links).toContain('/some/site/pages/search.json');
});
