// The pages of the site that need no kernel.
import { writeAssets } from './page.mjs';

/** Writes them into a site. */
export function writePages(paths, site) {
  writeAssets(paths, site);
}
