// Every figure of the site needs a picture, which a page shows without scripts, and until plotly.js is loaded.
import path from 'node:path';
import { SetUpError } from '../kernel-setup/setup/errors.mjs';
import { readNotebook } from '../tools/notebooks/notebook-file.mjs';
import { drawingsIn } from '../tools/notebooks/update.mjs';

/**
 * @param {string} root the folder of notebooks
 * @param {string[]} names paths of notebooks below it
 * @param {string} [option] of the command that draws pictures, for a folder other than the project's
 * @throws SetUpError naming notebook and cell of each figure and SVG drawing without a picture
 */
export function demandStills(root, names, option = '') {
  const lacking = names.flatMap((name) => {
    const notebook = readNotebook(path.join(root, name));
    return drawingsIn(notebook)
      .filter(({ output }) => output.data['image/png'] === undefined)
      .map(({ index }) => ({ name, where: `${name}: cell ${index + 1} (${notebook.cells[index].id})` }));
  });
  if (lacking.length === 0) return;
  const notebooks = [...new Set(lacking.map(({ name }) => name.replace(/\.ipynb$/, '')))].join(' ');
  const count = lacking.length === 1 ? 'one figure has no picture' : `${lacking.length} figures have no picture`;
  throw new SetUpError(`${count}:\n${lacking.map(({ where }) => `  ${where}`).join('\n')}`, {
    remedy: `npm run notebooks -- ${option}--update ${notebooks}, which needs Chromium; or run and save in JupyterLab`,
  });
}
