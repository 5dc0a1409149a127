// JupyterLab's panel of variables, without a debugger.
import fs from 'node:fs';
import { expect, it } from 'vitest';
import { describeInChromium } from '../support/browsers';
import { runAllCells } from '../support/lab-page.mjs';
import { useLab } from '../support/use-lab';

describeInChromium('the panel of variables in JupyterLab', () => {
  const lab = useLab();
  const toggle = () => lab.page.locator('.jp-DebuggerBugButton');

  it('lists the variables of cells, follows changes, and opens members of a value', async () => {
    const { page } = lab;
    const first =
      "import { tensor } from 'gradlab';\nconst w = tensor([1, 2], { requiresGrad: true });\nlet steps = 3;";
    lab.write('variables.ipynb', [{ source: first }, { source: 'steps += 4;' }]);
    await lab.open('variables.ipynb');
    await expect.poll(() => toggle().getAttribute('aria-disabled')).toBe('false');
    await runAllCells(page);
    await toggle().click();
    const rows = page.locator('.jp-DebuggerVariables-body').first();
    const text = () => rows.innerText();
    await expect.poll(text).toMatch(/w\s*Tensor float32 \[2\], requiresGrad/);
    await expect.poll(text).toMatch(/steps\s*7/);
    await page.locator('.jp-SideBar.jp-mod-right [data-id="jp-debugger-sidebar"]').click();
    await rows.getByText('w', { exact: true }).click();
    await expect.poll(text).toMatch(/shape\s*Array\(1\)/);
    lab.expectNoProblems();
  });

  it('is not available with stock tslab', async () => {
    const { page } = lab;
    lab.write('stock.ipynb', [{ source: 'let steps = 3;' }]);
    const file = lab.file('stock.ipynb');
    const notebook = JSON.parse(fs.readFileSync(file, 'utf8'));
    notebook.metadata.kernelspec = { display_name: 'tslab', language: 'typescript', name: 'tslab' };
    fs.writeFileSync(file, JSON.stringify(notebook));
    await lab.open('stock.ipynb');
    await runAllCells(page);
    expect(await toggle().getAttribute('aria-disabled')).toBe('true');
    lab.expectNoProblems();
  });
});
