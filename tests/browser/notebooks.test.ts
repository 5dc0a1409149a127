import fs from 'node:fs';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { expect, it } from 'vitest';
import { LEAST_COLOUR } from '../../kernel-setup/figures/colour.mjs';
import { paths } from '../../kernel-setup/setup/index.mjs';
import { describeInChromium } from '../support/browsers';
import { copyNotebooks } from '../support/lab.mjs';
import {
  brokenImages,
  codeCells,
  countFigures,
  failure,
  measureFigures,
  photographNotebook,
  runAllCells,
  useTheme,
  waitForFigures,
} from '../support/lab-page.mjs';
import { figureCell, makeNotebook, putCell } from '../support/notebooks';
import { screenshots } from '../support/reader';
import { notebooksTaken } from '../support/turns.mjs';
import { useLab } from '../support/use-lab';

const notebooks = notebooksTaken('JupyterLab');
const minutes = (count: number) => count * 60_000;

interface File {
  cells: { id: string; source: unknown; metadata: object; outputs?: { data?: Record<string, unknown> }[] }[];
  metadata: object;
}
const read = (file: string) => JSON.parse(fs.readFileSync(file, 'utf8')) as File;

/** The file that JupyterLab saves. */
async function save(page: ReturnType<typeof useLab>['page'], file: string): Promise<File> {
  await page.evaluate(() => jupyterapp.commands.execute('docmanager:save'));
  fs.copyFileSync(file, path.join(screenshots, `saved-${path.basename(file)}`));
  return read(file);
}

/**
 * Where a saved notebook differs from the committed one, apart from regenerated outputs, which include the pictures of
 * figures.
 */
function lostBySaving(saved: File, committed: File) {
  const rest = ({ cells, ...file }: File) => ({ ...file, cells: cells.map(({ outputs: _, ...cell }) => cell) });
  // A slider of ipywidgets computes its value from its position in per cent: 0.9 becomes 0.9000000000000001.
  const toTwelveDigits = (_: string, value: unknown) =>
    typeof value === 'number' ? Number(value.toPrecision(12)) : value;
  const withoutCounts = (file: File) =>
    JSON.stringify(rest(file), toTwelveDigits).replace(/"execution_count":(\d+|null)/g, '');
  const wrong = withoutCounts(saved) === withoutCounts(committed) ? [] : ['the file beside its outputs'];
  for (const [i, { outputs = [] }] of committed.cells.entries())
    for (const [k, { data = {} }] of outputs.entries()) {
      const { 'image/png': before, ...shown } = data;
      const { 'image/png': after, ...now } = saved.cells[i]?.outputs?.[k]?.data ?? {};
      if (before !== undefined && (after === undefined || (after !== before && isDeepStrictEqual(now, shown))))
        wrong.push(`cell ${i + 1}: the picture of output ${k + 1} is ${after === undefined ? 'lost' : 'another'}`);
    }
  return wrong;
}

/** The problems of a notebook after all its cells ran in JupyterLab, and a screenshot. */
async function runInLab({ page, folder, problems, openBelowRoot }: ReturnType<typeof useLab>, notebook: string) {
  const kernel = await openBelowRoot(notebook);
  const committed: { outputs: object[] }[] = await codeCells(page);
  await runAllCells(page, { timeout: minutes(10) });
  const cells = await codeCells(page);
  const failed = cells.flatMap((cell: { index: number }, i: number) => {
    const why = failure(cell, committed[i]);
    return why === undefined ? [] : [`cell ${cell.index + 1}: ${why}`];
  });
  await waitForFigures(page, countFigures(cells));
  const saved = await save(page, path.join(folder, 'root', notebook));
  const picture = path.join(screenshots, `${notebook.replace(/\.ipynb$/, '').replaceAll('/', '-')}.png`);
  await useTheme(page, 'JupyterLab Dark');
  await photographNotebook(page, picture.replace(/png$/, 'dark.png'));
  const dark: { cell: number; isGrey: boolean; colour: number }[] = await measureFigures(page);
  await useTheme(page, 'JupyterLab Light');
  await photographNotebook(page, picture);
  const figures: { cell: number; kind: string; words: string; isGrey: boolean; colour: number }[] =
    await measureFigures(page);
  const isBlank = ({ isGrey, colour }: { isGrey: boolean; colour: number }) => !isGrey && colour < LEAST_COLOUR;
  const blank = figures
    .filter((figure, i) => isBlank(figure) || isBlank(dark[i]!))
    .map(({ cell }) => `cell ${cell + 1}`);
  const broken: string[] = await brokenImages(page);
  const { pageErrors, foreignRequests } = problems();
  return { kernel, cells, failed, saved, figures, blank, broken, pageErrors, foreignRequests, picture };
}

describeInChromium('notebooks in JupyterLab', () => {
  const lab = useLab();

  it.each(notebooks)(
    '%s runs: every cell, every figure drawn, light and dark, nothing lost by saving, no page error, no foreign request',
    async (notebook) => {
      copyNotebooks([path.join(paths.notebooks, notebook)], { folder: lab.folder });
      const found = await runInLab(lab, notebook);
      expect(found.kernel).toBe('gradlab');
      expect(found.failed).toEqual([]);
      expect(lostBySaving(found.saved, read(path.join(paths.notebooks, notebook)))).toEqual([]);
      expect(found.blank, `blank figures; see ${found.picture}`).toEqual([]);
      expect(found.figures.length).toBeGreaterThanOrEqual(countFigures(found.cells));
      for (const { words } of found.figures) expect(words.length).toBeGreaterThan('figure'.length);
      expect(found.broken).toEqual([]);
      expect(found.pageErrors).toEqual([]);
      expect(found.foreignRequests).toEqual([]);
      expect(fs.statSync(found.picture).size).toBeGreaterThan(10_000);
    },
    minutes(20),
  );

  it(
    'these tests detect each kind of problem',
    async () => {
      const z = [
        [0, 1, 0],
        [1, 3, 1],
        [0, 1, 0],
      ];
      const wrong = makeNotebook([
        putCell,
        figureCell({ data: [{ type: 'surface', z }], layout: {} }),
        figureCell({ data: [{ type: 'surface', z, opacity: 0, showscale: false }], layout: {} }),
        figureCell({ data: [], layout: { title: { text: 'no trace' } } }),
        `put('text/html', '<img src="http://elsewhere.invalid/x.png"><script>throw new Error("in the page")</script>');`,
        "const text = 'fails';\nthrow new RangeError(text);",
        '1 + 1',
        { type: 'markdown', source: '![a picture](attachment:lost.png)' },
      ]);
      fs.writeFileSync(path.join(lab.folder, 'root', 'wrong.ipynb'), JSON.stringify(wrong));
      const found = await runInLab(lab, 'wrong.ipynb');
      expect(found.figures.map(({ cell, kind }) => [cell + 1, kind])).toEqual([
        [2, 'webgl'],
        [3, 'webgl'],
        [4, 'svg'],
      ]);
      expect(found.blank).toEqual(['cell 3', 'cell 4']);
      expect(found.failed).toHaveLength(2);
      expect(found.failed[0]).toMatch(/^cell 6: .*RangeError: fails/s);
      expect(found.failed[1]).toBe('cell 7: was not executed');
      expect(found.broken).toEqual([expect.stringMatching(/^a picture/)]);
      expect(found.pageErrors.join('\n')).toContain('uncaught in the page');
      expect([...new Set(found.foreignRequests)]).toEqual(['http://elsewhere.invalid/x.png']);
    },
    minutes(5),
  );
});
