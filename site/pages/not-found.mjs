// The page for addresses that do not exist, which searches for their words; and what search engines read, once the site's address is
// known.
import fs from 'node:fs';
import path from 'node:path';
import { filesBelow } from '../../kernel-setup/setup/files.mjs';
import { escapeHtml } from '../../tools/notebooks/markdown.mjs';
import { API, ERRATA, linkFrom, OPS, START } from './addresses.mjs';
import { page } from './frame.mjs';

/** Static web servers return this page for unknown addresses. */
export const NOT_FOUND = '404.html';

/** Writes the page for addresses that do not exist. */
export function writeNotFound(site) {
  const to = (address) => linkFrom(NOT_FOUND, address);
  const html = page({
    address: NOT_FOUND,
    title: 'No such page',
    body: `<h1>There is no such page</h1>
<p>It may have moved. The field above looks for the words of the address; ask it anything else.</p>
<ul><li><a href="${to(START)}">All chapters</a></li>
<li><a href="${to(OPS)}">Operations</a></li>
<li><a href="${to(API)}">API reference</a></li>
<li><a href="${to(ERRATA)}">All statements</a></li></ul>`,
    asks: 'address',
  });
  fs.writeFileSync(
    path.join(site, NOT_FOUND),
    html.replace('<meta charset', '<meta name="robots" content="noindex">\n<meta charset'),
  );
}

/**
 * Writes the files that depend on the site's address: canonical links, the sitemap and robots.txt. Links of the page
 * for unknown addresses begin at the server's root, because it is shown in every folder.
 * @param {string} site its folder
 * @param {string} url its address, such as https://example.org/gradlab/
 * @throws TypeError for an invalid address
 */
export function writeAddresses(site, url) {
  const root = new URL(url.replace(/\/?$/, '/'));
  const listed = [];
  for (const file of filesBelow(site).filter((name) => name.endsWith('.html'))) {
    const name = path.relative(site, file).replaceAll(path.sep, '/');
    const html = fs.readFileSync(file, 'utf8');
    // Pages in our frame; those of JupyterLite and of the reference have heads of their own.
    if (!html.includes('<main id="main">')) continue;
    if (name === NOT_FOUND) {
      fs.writeFileSync(
        file,
        html.replace(
          / (href|src|data-root|data-index)="(?!#|data:|https?:)(?:\.\/)?([^"]*)"/g,
          ` $1="${root.pathname}$2"`,
        ),
      );
      continue;
    }
    const address = new URL(encodeURI(name === START ? '' : name), root).href;
    listed.push(address);
    fs.writeFileSync(file, html.replace('</title>', `</title>\n<link rel="canonical" href="${escapeHtml(address)}">`));
  }
  const entries = listed.sort().map((address) => `<url><loc>${escapeHtml(address)}</loc></url>`);
  fs.writeFileSync(
    path.join(site, 'sitemap.xml'),
    `<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n${entries.join('\n')}\n</urlset>\n`,
  );
  fs.writeFileSync(
    path.join(site, 'robots.txt'),
    `User-agent: *\nAllow: /\nSitemap: ${new URL('sitemap.xml', root).href}\n`,
  );
}
