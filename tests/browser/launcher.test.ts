// JupyterLab for a new user: a launcher with TypeScript, and a list of files with one line for each notebook.
import fs from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { describeInChromium } from '../support/browsers';
import { screenshots } from '../support/reader';
import { useLab } from '../support/use-lab';

describeInChromium('the launcher and the list of files', () => {
  const lab = useLab();

  it('offer a notebook and a file in TypeScript, and hide the files that belong to a notebook', async () => {
    lab.write('a.ipynb', ['1 + 1']);
    await lab.open('a.ipynb');
    const { page } = lab;
    const folder = path.posix.dirname(
      await page.evaluate(
        () => (jupyterapp.shell.currentWidget as unknown as { context: { path: string } }).context.path,
      ),
    );
    for (const name of ['a.exercises.js', 'a.predictions.json', 'a.recorded.json', 'claims.json', 'own.ts'])
      fs.writeFileSync(lab.file(name), '');
    await page.evaluate(async (cwd) => {
      await jupyterapp.commands.execute('filebrowser:open-path', { path: cwd });
      await jupyterapp.commands.execute('filebrowser:refresh');
      await jupyterapp.commands.execute('launcher:create', { cwd });
    }, folder);
    const cards = page.locator('.jp-Launcher:visible .jp-LauncherCard');
    const labels = async () => (await cards.allInnerTexts()).map((text) => text.trim());
    await expect.poll(labels).toContain('TypeScript File');
    expect((await labels()).filter((label) => label === 'TypeScript File')).toHaveLength(1);
    expect(await labels()).toContain('TypeScript (gradlab)');
    await page.screenshot({ path: path.join(screenshots, 'launcher.png') });
    await page.locator('.jp-DirListing-item:visible', { hasText: 'own.ts' }).waitFor();
    const listed = (await page.locator('.jp-DirListing-item:visible').allInnerTexts()).map(
      (text) => text.trim().split('\n')[0],
    );
    expect(listed.toSorted()).toEqual(['a.ipynb', 'own.ts']);
    await cards.filter({ hasText: 'TypeScript File' }).click();
    await expect.poll(() => fs.readdirSync(path.dirname(lab.file('own.ts')))).toContain('untitled.ts');
  });
});
