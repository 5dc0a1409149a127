// The page for addresses that do not exist, which searches for their words.
import fs from 'node:fs';
import path from 'node:path';
import { API, DOCS, ERRATA, linkFrom, OPS, START } from './addresses.mjs';
import { page } from './frame.mjs';

/** Static web servers return this page for unknown addresses. */
export const NOT_FOUND = '404.html';

/** Writes the page for addresses that do not exist. */
export function writeNotFound(site) {
  const further = [
    [START, 'All chapters'],
    [DOCS, 'Documentation'],
    [OPS, 'Operations'],
    [API, 'API reference'],
    [ERRATA, 'All statements'],
  ].filter(([address]) => address === START || fs.existsSync(path.join(site, address)));
  const links = further.map(([address, words]) => `<li><a href="${linkFrom(NOT_FOUND, address)}">${words}</a></li>`);
  const html = page({
    address: NOT_FOUND,
    title: 'No such page',
    body: `<h1>There is no such page</h1>
<p>It may have moved. The field above looks for the words of the address; ask it anything else.</p>
<ul>${links.join('\n')}</ul>`,
    asks: 'address',
  });
  fs.writeFileSync(
    path.join(site, NOT_FOUND),
    html.replace('<meta charset', '<meta name="robots" content="noindex">\n<meta charset'),
  );
}
