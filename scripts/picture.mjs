// Draws README's picture, docs/images/gradient-descent.png: the opening of the chapter on gradient descent in JupyterLab, with its
// question answered. Run it when the chapter's opening has changed: `node scripts/picture.mjs`.
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { paths, setUp } from '../kernel-setup/setup/index.mjs';
import { closeLab, copyNotebooks, makeScratch, startLab } from '../tests/support/lab.mjs';
import { openBrowser, openNotebook } from '../tests/support/lab-page.mjs';

const chapter = '002-gradient-descent/01-gradient-descent-in-3d.ipynb';
const picture = path.join(paths.root, 'docs', 'images', 'gradient-descent.png');

await setUp({ log: () => {} });
const folder = makeScratch();
const [notebook] = copyNotebooks([path.join(paths.notebooks, chapter)], { folder });
const lab = await startLab({ folder, root: path.join(folder, 'root') });
const browser = await openBrowser({ folder });
try {
  const { page } = browser;
  await page.setViewportSize({ width: 1280, height: 860 });
  await openNotebook(page, lab, notebook);
  // The chapter has the window to itself.
  await page.evaluate(() => {
    jupyterapp.shell.collapseLeft();
    jupyterapp.shell.collapseRight();
  });

  await page.locator('.gradlab-answer').nth(2).click();
  // The figure plays until it has said what it found.
  await page.waitForTimeout(15_000);
  mkdirSync(path.dirname(picture), { recursive: true });
  await page.screenshot({ path: picture });
} finally {
  await closeLab({ browser, lab, folder });
}
