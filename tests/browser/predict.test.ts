// Questions in JupyterLab: their buttons work in an untrusted notebook that has not run, and a choice plays the figure
// that answers it.
import fs from 'node:fs';
import { expect, it } from 'vitest';
import { ClaimTable, covered, PredictionCard } from '../../src/lab/notebook';
import { curves, slider } from '../../src/lab/plot';
import { describeInChromium } from '../support/browsers';
import { codeCells, failure, runAllCells } from '../support/lab-page.mjs';
import { useLab } from '../support/use-lab';

/** The plot's player, see page/figure/player.ts. */
type Player = { playing?: object };

const rate = {
  question: 'How much is $\\eta \\lambda$?',
  answers: [
    { text: 'One', remark: 'That would arrive in one step.' },
    { text: 'Two, at $2/\\lambda$', remark: 'Each leap lands as high.', right: true },
    { text: 'Three', remark: 'That is beyond the *cliff*.', if: 'it were steeper' },
  ],
};
const claimed = { id: 'Z1', verdict: 'holds', settled: 'measured', notebook: 'ask.ipynb' } as const;
const wave = {
  question: 'How high does it go?',
  before: 'A *wave* comes',
  answers: [
    { text: 'Low', remark: 'It is higher.' },
    { text: 'Up to three', remark: 'At its third value.', right: true },
    { text: 'High', remark: 'It is lower.' },
  ],
};
const source = `import { ask, plot } from "gradlab/lab";
ask("wave", plot.slider([1, 2, 3], (k) => plot.curves([{ name: "wave", y: [0, k] }, { name: "shore", y: [1, 1] }],
  { title: "The *wave* is " + k + " high", yRange: [0, 4] }), { label: "k", strip: (k: number) => k }),
{ deciding: 3, hides: "wave" });`;

describeInChromium('questions in JupyterLab', () => {
  const lab = useLab();

  it('open the remark of the clicked answer, and show none before, not run and run', async () => {
    const { page, file } = lab;
    const data = new PredictionCard('rate', rate).mimeBundle();
    const outputs = [{ output_type: 'display_data', metadata: {}, data }];
    const source = 'import { predict } from "gradlab/lab";\npredict("rate");';
    const told = new ClaimTable([{ entry: { ...claimed, sentence: 'It is 2.' }, parts: [] }], 'rate').mimeBundle();
    const text = String(told['text/html']);
    lab.write('ask.ipynb', [
      { source, outputs, count: 1 },
      {
        source: `import { html, show } from "gradlab/lab";\nshow(html(${JSON.stringify(text)}));`,
        outputs: [{ output_type: 'display_data', metadata: {}, data: { 'text/html': text } }],
        count: 2,
      },
    ]);
    fs.writeFileSync(file('ask.predictions.json'), JSON.stringify({ rate }));
    await lab.open('ask.ipynb');
    for (const isRun of [false, true]) {
      if (isRun) {
        await runAllCells(page);
        expect((await codeCells(page)).map(failure)).toEqual([undefined, undefined]);
        await page.getByRole('button', { name: 'ask me again' }).click();
      }
      const output = page.locator('.jp-OutputArea-output');
      const two = output.locator('.gradlab-answer', { hasText: 'Two, at' });
      await two.waitFor();
      const told = output.getByText('It is 2.');
      await told.waitFor({ state: 'attached' });
      expect(await told.isVisible()).toBe(false);
      expect(await output.locator('.gradlab-answer').count()).toBe(3);
      for (const { remark } of rate.answers)
        expect(await output.getByText(remark.replace(/\*/g, '').slice(0, 12)).count()).toBe(0);
      await two.click();
      await output.locator('.gradlab-remark').getByText('Each leap lands as high.').waitFor({ state: 'visible' });
      expect(await told.isVisible()).toBe(true);
      expect(await output.getByText('✓ Right.').isVisible()).toBe(true);
      expect(await output.locator('mjx-container').count()).toBeGreaterThanOrEqual(2);
      // The others show their remarks; the guess does not change.
      await output.locator('.gradlab-answer', { hasText: 'Three' }).click();
      expect(await output.getByText('◐ Right if it were steeper.').isVisible()).toBe(true);
      expect(await output.locator('em').innerText()).toBe('cliff');
      expect(await output.locator('[data-guess]').innerText()).toContain('Two');
    }
    expect(lab.problems().pageErrors).toEqual([]);
  });

  it('open the reasons below them, up to the next section', async () => {
    const { page, file } = lab;
    const data = new PredictionCard('rate', rate).mimeBundle();
    const reason = (says: string) => `<details><summary>Why</summary>\n\n${says}\n\n</details>`;
    const text = (source: string) => ({ source, type: 'markdown' as const });
    lab.write('why.ipynb', [
      { source: 'predict("rate");', outputs: [{ output_type: 'display_data', metadata: {}, data }], count: 1 },
      text(`${reason('the first reason')}\n\nIn sight.\n\n<details><summary>Hint</summary>\n\na hint\n\n</details>`),
      { source: '1 + 1' },
      text(`${reason('the second reason')}\n\n## Another section\n\n${reason('a reason elsewhere')}`),
    ]);
    fs.writeFileSync(file('why.predictions.json'), JSON.stringify({ rate }));
    await lab.open('why.ipynb');
    const isSeen = () =>
      Promise.all(
        ['the first reason', 'the second reason', 'a hint', 'a reason elsewhere'].map((says) =>
          page.locator('.jp-RenderedMarkdown').getByText(says).isVisible(),
        ),
      );
    await page.locator('.jp-RenderedMarkdown h2').waitFor();
    await page.locator('.gradlab-answer', { hasText: 'Two, at' }).waitFor();
    expect(await isSeen()).toEqual([false, false, false, false]);
    await page.locator('.gradlab-answer', { hasText: 'Two, at' }).click();
    await expect.poll(isSeen).toEqual([true, true, false, false]);
    expect(lab.problems().pageErrors).toEqual([]);
  });

  it('hide the claims that name them until they are answered or the placeholder is clicked', async () => {
    const { page, file } = lab;
    const data = new PredictionCard('rate', rate).mimeBundle();
    const html = '<div class="gradlab-after-rate"><p>what was measured</p></div>';
    lab.write('waiting.ipynb', [
      { source: 'predict("rate");', outputs: [{ output_type: 'display_data', metadata: {}, data }], count: 1 },
      {
        source: '1 + 1',
        outputs: [{ output_type: 'display_data', metadata: {}, data: { 'text/html': html } }],
        count: 2,
      },
    ]);
    fs.writeFileSync(file('waiting.predictions.json'), JSON.stringify({ rate }));
    await lab.open('waiting.ipynb');
    const claims = page.getByText('what was measured');
    const answer = page.locator('.gradlab-answer', { hasText: 'Two, at' });
    await answer.waitFor();
    await expect.poll(() => claims.isVisible()).toBe(false);
    await page.locator('.gradlab-after-rate').click();
    await expect.poll(() => claims.isVisible()).toBe(true);
    expect(await page.locator('.gradlab-remark').first().textContent()).toBe('');
    await answer.click();
    expect(await claims.isVisible()).toBe(true);
    await page.getByText('ask me again').click();
    await expect.poll(() => claims.isVisible()).toBe(false);
    await answer.click();
    await expect.poll(() => claims.isVisible()).toBe(true);
    expect(lab.problems().pageErrors).toEqual([]);
  });

  it('play the figure to the deciding frame, from the committed output and run; the choice survives reopening the notebook', async () => {
    const { page, file } = lab;
    const figure = slider(
      [1, 2, 3],
      (k) =>
        curves(
          [
            { name: 'wave', y: [0, k] },
            { name: 'shore', y: [1, 1] },
          ],
          { title: `The *wave* is ${k} high`, yRange: [0, 4] },
        ),
      { label: 'k', strip: (k: number) => k },
    );
    const outputs = [
      covered('wave', wave, figure, { deciding: 3, hides: 'wave' }),
      new PredictionCard('wave', wave),
    ].map((output) => ({
      output_type: 'display_data',
      metadata: {},
      data: JSON.parse(JSON.stringify(output.mimeBundle())),
    }));
    lab.write('wave.ipynb', [{ source, outputs, count: 1 }]);
    fs.writeFileSync(file('wave.predictions.json'), JSON.stringify({ wave }));
    const plot = page.locator('.gradlab-plotly[data-state="done"]');
    /** Title, height of the wave, whether it is visible, and the text of the strip. */
    const seen = () =>
      plot.evaluate((element) => {
        const { data, layout } = element as unknown as {
          data: { y: number[]; visible?: boolean }[];
          layout: { title: { text: string } };
        };
        const strip = element.querySelector('.gradlab-strip')!.textContent!.trim();
        const title = layout.title.text.replace(/<[^>]*>/g, '');
        return [title, data[0]!.y[1], data[0]!.visible !== false, strip];
      });
    await lab.open('wave.ipynb');
    for (const isRun of [false, true]) {
      if (isRun) {
        await runAllCells(page);
        expect((await codeCells(page)).map(failure)).toEqual([undefined]);
        // After another run, an answered question is still answered: the figure shows its finding.
        await expect.poll(seen).toEqual(['The wave is 3 high', 3, true, '']);
        await page.getByRole('button', { name: 'ask me again' }).click();
      }
      await plot.waitFor();
      await expect.poll(seen).toEqual(['A wave comes', 1, false, '?']);
      await page.getByRole('slider', { name: 'k' }).focus();
      await page.keyboard.press('End');
      await expect.poll(seen).toEqual(['A wave comes', 3, false, '?']);
      await page.keyboard.press('Home');
      // Run again while it plays, or before, it is in its first state.
      const isPlaying = () =>
        plot.evaluate(
          (element) => (element as unknown as { gradlabPlayer: Player }).gradlabPlayer.playing !== undefined,
        );
      const answer = page.locator('.gradlab-answer', { hasText: 'Up to three' });
      const again = page.getByRole('button', { name: 'ask me again' });
      await answer.click();
      await expect.poll(isPlaying).toBe(true);
      await again.click();
      await expect.poll(seen).toEqual(['A wave comes', 1, false, '?']);
      expect(await isPlaying()).toBe(false);
      await answer.evaluate(async (button: HTMLElement) => {
        const question = button.closest('.gradlab-question')!;
        button.click();
        question.querySelector<HTMLElement>('.gradlab-remark .gradlab-quiet')!.click();
        for (let frames = 0; frames < 30; frames++) await new Promise(requestAnimationFrame);
      });
      await expect.poll(seen).toEqual(['A wave comes', 1, false, '?']);
      expect(await isPlaying()).toBe(false);
      await answer.click();
      await expect.poll(seen).toEqual(['The wave is 3 high', 3, true, '']);
      expect(await page.locator('.gradlab-remark').getByText('At its third value.').isVisible()).toBe(true);
      await expect
        .poll(() => page.locator('.gradlab-spoken').textContent())
        .toBe('✓ Right. At its third value. The figure: The wave is 3 high.');
    }
    await lab.open('wave.ipynb');
    await plot.waitFor();
    await expect.poll(seen).toEqual(['The wave is 3 high', 3, true, '']);
    // Each value keeps its own title, also the initial one.
    await page.getByRole('slider', { name: 'k' }).focus();
    await page.keyboard.press('Home');
    await expect.poll(seen).toEqual(['The wave is 1 high', 1, true, '']);
    await page.keyboard.press('End');
    await expect.poll(seen).toEqual(['The wave is 3 high', 3, true, '']);
    expect(await page.locator('[data-guess]').innerText()).toContain('Up to three');
    expect(lab.problems().pageErrors).toEqual([]);
  });
});
