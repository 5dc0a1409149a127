// A prediction in JupyterLab: its buttons work in a notebook that nothing has run in and that JupyterLab does not trust.
import fs from 'node:fs';
import { expect, it } from 'vitest';
import { PredictionCard } from '../../src/notebook';
import { describeInChromium } from '../support/browsers';
import { codeCells, failure, runAllCells } from '../support/lab-page.mjs';
import { useLab } from '../support/use-lab';

const rate = {
  question: 'How much is $\\eta \\lambda$?',
  answers: [
    { text: 'One', remark: 'That would arrive in one step.' },
    { text: 'Two, at $2/\\lambda$', remark: 'Each leap lands as high.', right: true },
    { text: 'Three', remark: 'That is beyond the cliff.' },
  ],
};

describeInChromium('a prediction in JupyterLab', () => {
  const lab = useLab();

  it('opens the remark of the answer that is clicked, and shows none before, not run and run', async () => {
    const { page, file } = lab;
    const data = new PredictionCard('rate', rate).mimeBundle();
    const outputs = [{ output_type: 'display_data', metadata: {}, data }];
    const source = 'import { predict } from "gradlab";\npredict("rate");';
    lab.write('ask.ipynb', [{ source, outputs, count: 1 }]);
    fs.writeFileSync(file('ask.predictions.json'), JSON.stringify({ rate }));
    await lab.open('ask.ipynb');
    for (const isRun of [false, true]) {
      if (isRun) {
        await runAllCells(page);
        expect((await codeCells(page)).map(failure)).toEqual([undefined]);
      }
      const output = page.locator('.jp-OutputArea-output');
      const buttons = output.locator('summary');
      await buttons.nth(2).waitFor();
      expect(await buttons.allInnerTexts()).toEqual(['One', expect.stringMatching(/^Two, at/), 'Three']);
      const remark = output.getByText('Each leap lands as high.');
      expect(await remark.isVisible()).toBe(false);
      await buttons.nth(1).click();
      await remark.waitFor({ state: 'visible' });
      expect(await output.getByText('That is beyond the cliff.').isVisible()).toBe(false);
      expect(await output.getByText('✓ Right.').isVisible()).toBe(true);
      expect(await buttons.nth(0).evaluate((button) => getComputedStyle(button).cursor)).toBe('pointer');
      expect(await output.locator('mjx-container').count()).toBeGreaterThanOrEqual(2);
    }
    expect(lab.problems().pageErrors).toEqual([]);
  });
});
