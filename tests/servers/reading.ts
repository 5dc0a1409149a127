// Uses a notebook on a server: runs it, checks its figures, and moves a slider.
import fs from 'node:fs';
import { expect } from 'vitest';
import { LEAST_COLOUR } from '../../kernel-setup/figures/colour.mjs';
import {
  codeCells,
  countFigures,
  failure,
  measureFigures,
  openNotebook,
  runAllCells,
  waitForFigures,
} from '../support/lab-page.mjs';
import { type Browser, reader } from '../support/reader';

/** A notebook with predictions and exercises in files beside it, claims and figures. */
export const notebook = '004-neural-networks/02-perceptron-and-multilayer-perceptron.ipynb';

const cell = (id: string, source: string) => ({
  cell_type: 'code',
  id,
  metadata: {},
  execution_count: null,
  outputs: [],
  source,
});

/** Appends two cells to a notebook: a slider, and the kernel's process id. */
export function withSlider(file: string): void {
  const content = JSON.parse(fs.readFileSync(file, 'utf8'));
  const square = 'interact(({ side }) => `area ' + '$' + '{side * side}`, { side: [0, 10] });';
  content.cells.push(
    cell('slider', `import { interact } from 'gradlab/lab';\n${square}`),
    cell('process', 'process.pid'),
  );
  fs.writeFileSync(file, JSON.stringify(content));
}

/** @returns the id of the process that ran its cells */
export async function expectNotebookToWork(browser: Browser, url: string): Promise<number> {
  const { page } = browser;
  expect(await openNotebook(page, { url }, notebook)).toBe('gradlab');
  await runAllCells(page, { timeout: 240_000 });
  const cells = await codeCells(page);
  expect(cells.filter(failure).map((one: { index: number }) => `cell ${one.index + 1}: ${failure(one)}`)).toEqual([]);
  await waitForFigures(page, countFigures(cells));
  const figures: { isGrey: boolean; colour: number }[] = await measureFigures(page);
  expect(figures.length).toBeGreaterThan(2);
  expect(figures.filter(({ isGrey, colour }) => !isGrey && colour < LEAST_COLOUR)).toEqual([]);

  const { index } = cells.at(-2);
  const { textOf, cell } = reader(browser);
  await expect.poll(() => textOf(index)).toContain('area 25');
  await cell(index).locator('.noUi-handle').last().focus();
  await page.keyboard.press('ArrowRight');
  await expect.poll(() => textOf(index)).toContain('area 36');
  // Jupyter's own server, in front of a gateway: the page then uses the older protocol.
  const isKnown = (error: string) => error.includes("'Sec-WebSocket-Protocol' header but no response");
  const pageErrors = browser.problems().pageErrors.filter((error: string) => !isKnown(error));
  expect(pageErrors).toEqual([]);
  return Number(cells.at(-1).outputs[0].data['text/plain']);
}
