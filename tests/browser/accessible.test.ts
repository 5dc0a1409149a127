// Accessibility of outputs in JupyterLab: live, light and dark, and in an untrusted notebook.
import fs from 'node:fs';
import { expect, it } from 'vitest';
import { faintLetters, findings, walk } from '../support/accessible';
import { describeInChromium } from '../support/browsers';
import { codeCells, countFigures, runAllCells, useTheme, waitForFigures } from '../support/lab-page.mjs';
import { useLab } from '../support/use-lab';

const cells = [
  `import { graph, tensor } from 'gradlab'; import { exercise, interact, plot, predict, progress, trainingDisplay } from 'gradlab/lab';
predict("ask");`,
  "plot.surface((x, y) => x * x + 9 * y * y, { resolution: 11, title: 'A bowl' })",
  `plot.slider([1, 2, 3], (k) => plot.curves([{ name: 'loss', y: [9, k, 1] }, { name: 'other', y: [1, k, 3] }]),
  { label: 'k', play: true })`,
  `interact(({ rate, momentum, kind }) => \`\${rate} \${momentum} \${kind}\`,
  { rate: [0, 1, 0.1], momentum: true, kind: ['a', 'b'] });`,
  'const w = tensor([1, 2], { requiresGrad: true });\nawait graph(w.mul(w).sum(), { w })',
  `const shown = trainingDisplay({ total: 3, title: 'a parabola' });
for (const step of progress([1, 2, 3], { description: 'training' })) shown.update({ loss: 1 / step });
shown.end();`,
  'exercise("sum", 5);',
  'exercise("sum", 4);',
  "console.log('x'.repeat(400)); tensor([[1, 2], [3, 4]])",
  "throw new RangeError('too large');",
];

const ask = {
  question: 'How much?',
  answers: [
    { text: 'One', remark: 'That is less.' },
    { text: 'Two', remark: 'So it is.', right: true },
    { text: 'Three', remark: 'That is more.' },
  ],
};

const exercises = `module.exports = {
  sum: { isRight: (x) => x === 4, praise: 'two and two', mistakes: [], otherwise: 'count', tried: { right: [4], wrong: [5] } },
};`;

/** Only outputs are checked, not JupyterLab's own frame. */
const within = '.jp-Notebook .jp-OutputArea-output';

describeInChromium('outputs in JupyterLab, for everyone', () => {
  const lab = useLab();

  it('have names, alternatives and contrasting colours: axe-core finds nothing', async () => {
    const { page } = lab;
    lab.write('all.ipynb', cells);
    fs.writeFileSync(lab.file('all.predictions.json'), JSON.stringify({ ask }));
    fs.writeFileSync(lab.file('all.exercises.js'), exercises);
    await lab.open('all.ipynb');
    await useTheme(page, 'JupyterLab Light'); // JupyterLab keeps the theme for all pages
    await runAllCells(page);
    const ran = await codeCells(page);
    const kinds = ran.flatMap(({ outputs }: { outputs: { data?: object; name?: string; ename?: string }[] }) =>
      outputs.flatMap(({ data, name, ename }) => [...Object.keys(data ?? {}), name, ename]),
    );
    // All kinds of outputs are present.
    for (const kind of ['vnd.plotly', 'widget-view', 'svg+xml', 'text/html', 'text/markdown', 'stdout', 'RangeError'])
      expect(
        kinds.some((one: string | undefined) => one?.includes(kind)),
        kind,
      ).toBe(true);
    const figures = countFigures(ran);
    await waitForFigures(page, figures);
    await page.getByRole('slider', { name: 'rate' }).waitFor();
    await page.locator(`${within} details`).evaluateAll((all) => {
      for (const one of all) (one as HTMLDetailsElement).open = true;
    });
    // Findings are announced; steps of a training are not.
    const said = page.locator('.gradlab-spoken[role=status]');
    await expect.poll(() => said.textContent()).toBe('Right. two and two');
    expect(
      await page
        .locator(`${within} :is([aria-live]:not([aria-live=off]), [role=status], [role=alert], [role=log])`)
        .count(),
    ).toBe(0);
    expect(await findings(page, { within })).toEqual([]);
    expect(await faintLetters(page, within)).toEqual([]);
    await page.locator('.jp-Notebook .jp-InputPrompt').first().click();
    expect(await walk(page, within, 30)).toEqual({ reached: expect.any(Number), missed: [], unseen: [], ended: true });
    await page.locator(`${within} .gradlab-answer`, { hasText: 'Three' }).focus();
    await page.keyboard.press('Enter');
    await expect.poll(() => said.textContent()).toBe('✗ Not so. That is more.');
    await useTheme(page, 'JupyterLab Dark');
    expect(await findings(page, { within, onlyColours: true })).toEqual([]);
    expect(await faintLetters(page, within)).toEqual([]);
    await useTheme(page, 'JupyterLab Light');

    await page.evaluate("window.jupyterapp.commands.execute('docmanager:save')");
    const saved = JSON.parse(fs.readFileSync(lab.file('all.ipynb'), 'utf8'));
    saved.cells[0].source = '// not what was signed';
    fs.writeFileSync(lab.file('foreign.ipynb'), JSON.stringify(saved));
    await lab.open('foreign.ipynb');
    await waitForFigures(page, figures);
    await page.locator(`${within} input[type=range][aria-label=rate]`).waitFor();
    expect(await findings(page, { within })).toEqual([]);
  });
});
