// The runner's output during a cell.
import { afterAll, expect, it } from 'vitest';
import { executeNotebook } from '../../tools/notebooks/execute.mjs';
import { makeReport } from '../../tools/notebooks/report.mjs';
import { makeFolder, makeNotebook } from '../support/notebooks';

const notebook = makeNotebook([
  `import { progress, trainingDisplay } from 'gradlab/lab';
const shown = trainingDisplay({ total: 3 });
for (const step of progress([1, 2, 3], { description: 'training' })) {
  shown.update({ loss: 1 / step });
  await new Promise((resolve) => setTimeout(resolve, 120));
}
shown.end();`,
]);
const folder = makeFolder({ 'progress.ipynb': notebook });
afterAll(() => folder.remove());

it('progress and training displays reach the terminal while the cell runs', async () => {
  const texts: string[] = [];
  const { error } = await executeNotebook(notebook, {
    file: folder.file('progress.ipynb'),
    kernel: 'gradlab',
    timeout: 120,
    onCell: () => {},
    onProgress: (text: string) => texts.push(text),
    signal: undefined,
  });
  expect(error).toBeNull();
  expect(texts).toContainEqual(expect.stringMatching(/^training .*1\/3/));
  expect(texts).toContainEqual(expect.stringMatching(/^epoch 2\/3 · loss 0\.5/));
}, 180_000);

it('on one line that is overwritten', () => {
  const written: string[] = [];
  const report = makeReport({ isTTY: true, columns: 60, write: (text: string) => written.push(text) } as never);
  report.started('folder/name');
  report.atCell('folder/name', 1, 3);
  report.atProgress('folder/name', `training ${'█'.repeat(80)}`);
  expect(written.at(-1)).toMatch(/^ {2}name 1\/3: training █+$/);
  expect(written.at(-1)).toHaveLength(59);
  expect(written.at(-2)).toBe('\r\x1b[K');
});
