// "The same in PyTorch": every block of the notebooks was run unchanged, and shows its output. PyTorch itself is not
// needed here.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { paths } from '../../kernel-setup/setup/index.mjs';
import { readNotebook } from '../../tools/notebooks/notebook-file.mjs';
import { findNotebooks } from '../../tools/notebooks/options.mjs';
import { blockProblems, blocksOf, hashOf, recordOf, withOutputs } from '../../tools/notebooks/pytorch-blocks.mjs';

const names = findNotebooks(paths.notebooks) as string[];
const record = JSON.parse(readFileSync(path.join(__dirname, 'data', 'pytorch-blocks.json'), 'utf8'));

const folded = (...parts: string[]) =>
  `<details><summary>The same in PyTorch</summary>\n\n${parts.join('\n\n')}\n\n</details>`;
const code = (source: string) => `\`\`\`python\n${source}\n\`\`\``;
const text = (output: string) => `prints\n\n\`\`\`text\n${output}\n\`\`\``;
const notebookOf = (...sources: string[]) => ({
  cells: sources.map((source) => ({ cell_type: 'markdown', id: 'a', metadata: {}, source })),
  metadata: {},
});
const notebook = notebookOf(
  `In sight.\n\n${code('not(this)')}`,
  `${folded(code('w = torch.ones(2)\n\nprint(w)'), text('tensor([1., 1.])'))}\n\nMore.`,
  folded(code('w += 1'), 'and', code('print(w.sum())')),
);

describe('PyTorch blocks', () => {
  it('are the Python code below their summary, in the order of the cells', () => {
    expect(blocksOf(notebook)).toEqual([
      { code: 'w = torch.ones(2)\n\nprint(w)', shown: 'tensor([1., 1.])' },
      { code: 'w += 1', shown: '' },
      { code: 'print(w.sum())', shown: '' },
    ]);
  });

  it('receive their output, and keep everything else', () => {
    const made = withOutputs(notebook, ['tensor([1, 1])\n2', '', 'tensor(4.)']);
    expect(made.cells.map(({ source }: { source: string }) => source)).toEqual([
      notebook.cells[0]!.source,
      `${folded(code('w = torch.ones(2)\n\nprint(w)'), text('tensor([1, 1])\n2'))}\n\nMore.`,
      folded(code('w += 1'), 'and', code('print(w.sum())'), text('tensor(4.)')),
    ]);
    expect(withOutputs(made, ['tensor([1, 1])\n2', '', 'tensor(4.)'])).toEqual(made);
    expect(blocksOf(withOutputs(made, ['', '', ''])).map(({ shown }) => shown)).toEqual(['', '', '']);
  });

  it('are stale if code or output differ from the record', () => {
    const outputs = ['tensor([1., 1.])', '', ''];
    const recorded = recordOf(blocksOf(notebook), outputs);
    expect(recorded[1]).toEqual({ code: hashOf('w += 1'), output: '' });
    expect(blockProblems(notebook, recorded)).toEqual([]);
    const of = (problems: string[]) => problems.map((problem) => problem.split(':')[0]);
    expect(of(blockProblems(notebook))[0]).toBe('PyTorch block 1 was not run since it was changed');
    expect(of(blockProblems(notebook, [...recorded.slice(0, 2), { ...recorded[2]!, output: '4' }]))).toEqual([
      'PyTorch block 3 prints something else than the page shows',
    ]);
    expect(of(blockProblems(notebook, [...recorded, recorded[0]!]))).toEqual([
      'the record has more PyTorch blocks than the notebook',
    ]);
  });

  it('of all notebooks were run unchanged, and show their output', () => {
    const problems = names.flatMap((name) =>
      blockProblems(readNotebook(path.join(paths.notebooks, name)), record[name]).map(
        (problem) => `${name}: ${problem}`,
      ),
    );
    expect(problems).toEqual([]);
    expect(Object.keys(record).filter((name) => !names.includes(name))).toEqual([]);
  });
});
