// A learner's copy of a project's notebook in JupyterLab: a button restores the original, another undoes that; answers
// and progress are in a file beside the notebooks, which all browsers share.
import fs from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { paths } from '../../kernel-setup/setup/paths.mjs';
import { describeInChromium } from '../support/browsers';
import { screenshots } from '../support/reader';
import { useLab } from '../support/use-lab';

const name = '004-neural-networks/q-vanishing-what-ails-it.ipynb';
const original = fs.readFileSync(path.join(paths.notebooks, name), 'utf8');

describeInChromium('a copy of a notebook in JupyterLab', () => {
  const lab = useLab();
  const copy = () => path.join(lab.folder, 'root', name);
  const firstCell = () => JSON.parse(fs.readFileSync(copy(), 'utf8')).cells[0].source as string | string[];
  const button = () => lab.page.locator('.jp-NotebookPanel-toolbar:visible').getByText('Start afresh');

  it("resets at the reader's request, and can undo that", async () => {
    fs.mkdirSync(path.dirname(copy()), { recursive: true });
    fs.writeFileSync(copy(), original);
    await lab.openBelowRoot(name);
    await lab.page.evaluate(async () => {
      const { context } = jupyterapp.shell.currentWidget as unknown as {
        context: { model: { sharedModel: { cells: { setSource(text: string): void }[] } }; save(): Promise<void> };
      };
      context.model.sharedModel.cells[0]!.setSource('Mine');
      await context.save();
    });
    expect([firstCell()].flat().join('')).toBe('Mine');

    await button().click();
    const dialog = lab.page.locator('.jp-Dialog');
    await lab.page.screenshot({ path: path.join(screenshots, 'afresh.png') });
    await dialog.getByText('Keep it').click();
    expect([firstCell()].flat().join('')).toBe('Mine');

    await button().click();
    await dialog.getByText('Start afresh', { exact: true }).click();
    await expect.poll(() => fs.readFileSync(copy(), 'utf8')).toBe(original);
    const shown = () =>
      lab.page.evaluate(() =>
        (
          jupyterapp.shell.currentWidget as unknown as {
            context: { model: { sharedModel: { cells: { getSource(): string }[] } } };
          }
        ).context.model.sharedModel.cells[0]!.getSource(),
      );
    await expect.poll(shown).toBe([JSON.parse(original).cells[0].source].flat().join(''));

    // JupyterLab in tests shows notifications only on request.
    await lab.page.locator('.jp-Notification-Status').click();
    await lab.page.getByText('Undo', { exact: true }).click();
    await expect.poll(shown).toBe('Mine');
    await expect.poll(() => [firstCell()].flat().join('')).toBe('Mine');
    lab.expectNoProblems();
  });

  it('stores answers and progress in one file, which other browsers read on any page with the same questions', async () => {
    const { page } = lab;
    const file = path.join(lab.folder, 'root', '.progress.json');
    const facts = () => (fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, 'utf8')).notebooks : {});
    fs.mkdirSync(path.dirname(copy()), { recursive: true });
    fs.writeFileSync(copy(), original);
    await lab.openBelowRoot(name);
    const question = page.locator('.gradlab-question').first();
    const id = await question.getAttribute('data-question');
    const answer = question.locator('.gradlab-answer').first();
    await answer.click();
    await expect
      .poll(() => facts()['']?.[`prediction:${id}`]?.choice)
      .toBe(await answer.locator('span').last().innerText());
    expect(facts()[name]).toMatchObject({ opened: {} });
    expect(fs.readFileSync(copy(), 'utf8')).toBe(original);

    // Another browser: its storage is empty.
    await page.evaluate(() => localStorage.clear());
    await page.goto('about:blank');
    await lab.openBelowRoot(name);
    await expect.poll(() => answer.getAttribute('aria-pressed')).toBe('true');

    // Removed in a third one, which notices it in the file.
    await button().click();
    const dialog = page.locator('.jp-Dialog');
    await dialog.getByText('Forget my guesses').click();
    await dialog.getByText('Start afresh', { exact: true }).click();
    await expect.poll(() => facts()['']).toBeUndefined();
    await expect.poll(() => question.locator('[aria-pressed="true"]').count()).toBe(0);
    lab.expectNoProblems();
  });

  it('shows an answer immediately if the same question was answered elsewhere', async () => {
    const { page } = lab;
    fs.mkdirSync(path.dirname(copy()), { recursive: true });
    fs.writeFileSync(copy(), original);
    await lab.openBelowRoot(name);
    const second = await lab.newPage();
    await second.goto(page.url());
    const answerOf = (one: typeof page) => one.locator('.gradlab-question').first().locator('.gradlab-answer').first();
    await answerOf(second).waitFor();
    await answerOf(page).click();
    await expect.poll(() => answerOf(second).getAttribute('aria-pressed')).toBe('true');
    lab.expectNoProblems();
  });

  it('reports that the project has a newer version than the copied one', async () => {
    const { page } = lab;
    const record = path.join(lab.folder, 'record.json');
    fs.mkdirSync(path.dirname(copy()), { recursive: true });
    fs.writeFileSync(copy(), original);
    fs.writeFileSync(record, JSON.stringify({ [name]: 'another version' }));
    const count = () => page.locator('.jp-Notification-Status').innerText();
    await lab.openBelowRoot(name);
    await button().waitFor();
    await page.waitForLoadState('networkidle');
    // The project's file is current, whatever was copied.
    const before = Number(await count());
    fs.writeFileSync(copy(), original.replace('Four', 'Five'));
    await page.goto('about:blank');
    await lab.openBelowRoot(name);
    await expect.poll(async () => Number(await count())).toBe(before + 1);
    await page.locator('.jp-Notification-Status').click();
    await page.getByText('There is a newer version of this notebook').first().waitFor();
    await page.screenshot({ path: path.join(screenshots, 'newer.png') });
    lab.expectNoProblems();
  });

  it('has no such button if the project has no notebook of that name', async () => {
    lab.write('own.ipynb', ['1 + 1']);
    await lab.open('own.ipynb');
    await lab.page.waitForLoadState('networkidle');
    expect(await button().count()).toBe(0);
    lab.expectNoProblems();
  });
});
