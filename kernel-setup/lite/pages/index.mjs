// The pages of the site that need no kernel.
import { writeErrata } from './errata.mjs';
import { readNotebooks } from './notebooks.mjs';
import { writeAssets } from './page.mjs';
import { writeStartPage } from './start.mjs';

/** Writes them into a site. */
export async function writePages(paths, site) {
  writeAssets(paths, site);
  const notebooks = readNotebooks(paths.notebooks);
  await writeStartPage(site, notebooks);
  writeErrata(site, notebooks);
}
