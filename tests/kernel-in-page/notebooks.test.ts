// Notebooks in the kernel of a page: no error, their claims with their verdicts, and the outputs of Node.
import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { paths } from '../../kernel-setup/setup/paths.mjs';
import { findClaims, judgeClaims, readClaimsList } from '../../tools/notebooks/claims.mjs';
import { readNotebook } from '../../tools/notebooks/notebook-file.mjs';
import { PageKernel } from '../kernel/conformance/client/page-kernel';
import { describeInChromium } from '../support/browsers';
import { notebooksTaken } from '../support/turns.mjs';
import { differences } from './differences';
import { runInPage, serveData } from './page-notebook';

/** One that is fast, and those of this commit's turn. */
const wanted = [...new Set(['002-gradient-descent/q-gradient-points-home.ipynb', ...notebooksTaken('a page')])];

/** The results of this run, for comparison: a row for each notebook. */
const report = path.join(paths.state, 'notebooks-in-page.md');

describeInChromium('notebooks in the kernel of a page', () => {
  let data: string;
  beforeAll(async () => {
    fs.writeFileSync(report, '| notebook | claims | s | cells that differ from Node |\n| -- | --: | --: | -- |\n');
    data = await serveData();
  });
  afterAll(() => PageKernel.closePage());

  test("loads the digits from the site's copy", async () => {
    const kernel = await PageKernel.start({ folder: '/drive/notebooks', data });
    try {
      const cell = `import { data } from "gradlab";
const { x, y } = await data.digits();
[...x.shape, x.sum().item() * 16, y.sum().item()].join()`;
      const { id } = await kernel.client.execute(cell, { timeout: 60 });
      const results = kernel.client.childrenOf(id).filter(({ type }) => type === 'execute_result');
      // The checksums of scikit-learn's copy.
      expect(results.map(({ content }) => (content.data as Record<string, string>)['text/plain'])).toEqual([
        "'1797,64,561718,8070'",
      ]);
    } finally {
      await kernel.stop();
    }
  });

  describe.concurrent('concurrently', () => {
    test.each(wanted)(
      '%s',
      async (name) => {
        const start = performance.now();
        const notebook = await runInPage(name, data);
        const seconds = (performance.now() - start) / 1000;
        const errors = notebook.cells
          .flatMap(({ outputs }) => outputs ?? [])
          .filter((one) => one.output_type === 'error');
        expect(errors.map(({ evalue }) => evalue)).toEqual([]);
        const { entries } = readClaimsList(path.join(paths.notebooks, 'claims.json'));
        const ofNotebook = entries.filter((entry: { notebook?: string }) => entry.notebook === name);
        expect(judgeClaims(findClaims(notebook), ofNotebook, name)).toEqual([]);
        const different = differences(readNotebook(path.join(paths.notebooks, name)), notebook);
        fs.appendFileSync(
          report,
          `| ${name} | ${ofNotebook.length} | ${seconds.toFixed(1)} | ${Object.keys(different).join(', ')} |\n`,
        );
        expect(different).toEqual({});
      },
      900_000,
    );
  });
});
