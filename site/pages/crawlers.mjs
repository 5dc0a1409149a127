// Metadata for search engines, other sites and language models, once the site's address is known.
import fs from 'node:fs';
import path from 'node:path';
import { filesBelow } from '../../kernel-setup/setup/files.mjs';
import { escapeHtml } from '../../tools/notebooks/markdown.mjs';
import { LLMS, START } from './addresses.mjs';
import { NOT_FOUND } from './not-found.mjs';
import { relinked } from './plain-text.mjs';

/**
 * Writes what depends on the site's address: canonical links, previews of links, the sitemap, robots.txt and the links of
 * llms.txt. Links of the page for unknown addresses begin at the server's root, because it is shown in every folder.
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
    // Pages in our frame; those of JupyterLite and of the reference have different heads.
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
    const links = `<link rel="canonical" href="${escapeHtml(address)}">\n${preview(html, address)}`;
    fs.writeFileSync(file, html.replace('</title>', `</title>\n${links}`));
  }
  const llms = path.join(site, LLMS);
  if (fs.existsSync(llms))
    fs.writeFileSync(
      llms,
      relinked(fs.readFileSync(llms, 'utf8'), (to) => new URL(to, root).href),
    );
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

/**
 * The preview of a link to a page on other sites: its title, its description and its first picture (the Open Graph
 * protocol).
 */
function preview(html, address) {
  const attribute = (pattern) => pattern.exec(html)?.[1];
  const picture = attribute(/<main id="main">[\s\S]*?<img [^>]*?src="([^"]+\.png)"/);
  const parts = {
    'og:type': 'article',
    'og:site_name': 'gradlab',
    'og:url': escapeHtml(address),
    'og:title': attribute(/<title>(.*?) · gradlab<\/title>/),
    'og:description': attribute(/<meta name="description" content="([^"]*)"/),
    'og:image': picture && new URL(picture, address).href,
  };
  const tags = Object.entries(parts).filter(([, content]) => content !== undefined);
  const card = picture === undefined ? [] : ['<meta name="twitter:card" content="summary_large_image">'];
  return [...tags.map(([name, content]) => `<meta property="${name}" content="${content}">`), ...card].join('\n');
}
