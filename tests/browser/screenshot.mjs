// Runs a notebook in real JupyterLab and takes a screenshot, for visual inspection:
//   node tests/browser/screenshot.mjs <notebook.ipynb> <picture.png> [--kernel tslab] [--no-run]
// JupyterLab works on a copy, so the committed notebook is not changed.
import { mkdirSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { runMain, setUp } from '../../kernel-setup/setup/index.mjs';
import { copyNotebooks, makeScratch, startLab } from '../support/lab.mjs';
import {
  codeCells,
  countFigures,
  failure,
  openBrowser,
  openNotebook,
  photographNotebook,
  runAllCells,
  waitForFigures,
} from '../support/lab-page.mjs';

const usage = 'usage: node tests/browser/screenshot.mjs <notebook.ipynb> <picture.png> [--kernel tslab] [--no-run]';

async function main(args) {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { kernel: { type: 'string' }, 'no-run': { type: 'boolean', default: false } },
  });
  if (positionals.length !== 2) {
    console.error(usage);
    return 2;
  }
  const [notebook, picture] = positionals.map((name) => resolve(name));
  mkdirSync(dirname(picture), { recursive: true });
  await setUp();

  const toClose = [];
  const close = async () => {
    for (const step of toClose.splice(0).reverse()) await step();
  };
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => close().finally(() => process.exit(1)));
  try {
    const folder = makeScratch();
    toClose.push(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
    const [copy] = copyNotebooks([notebook], { folder, kernel: values.kernel });
    const lab = await startLab({ folder, root: join(folder, 'root') });
    toClose.push(lab.stop);
    const browser = await openBrowser({ folder });
    toClose.push(browser.close);
    return await photograph(browser, lab, copy, { picture, run: !values['no-run'] });
  } finally {
    await close();
  }
}

async function photograph({ page, problems }, lab, notebook, { picture, run }) {
  const kernel = await openNotebook(page, lab, notebook);
  console.log(`opened with the kernel ${kernel}`);
  const complaints = [];
  if (run) {
    const started = Date.now();
    await runAllCells(page);
    console.log(`ran all cells in ${((Date.now() - started) / 1000).toFixed(1)} s`);
  }
  const cells = await codeCells(page);
  for (const cell of cells) {
    const why = run && failure(cell);
    if (why) complaints.push(`cell ${cell.index} failed: ${why}`);
  }
  await waitForFigures(page, countFigures(cells));
  const pictures = await photographNotebook(page, picture);
  const { pageErrors, foreignRequests } = problems();
  complaints.push(...pageErrors.map((error) => `page error: ${error}`));
  complaints.push(...foreignRequests.map((url) => `request to another machine: ${url}`));
  for (const line of complaints) console.log(line);
  console.log(pictures.join('\n'));
  return complaints.length === 0 ? 0 : 1;
}

await runMain(main);
