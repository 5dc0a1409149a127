import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { paths } from '../../kernel-setup/setup/index.mjs';
import { cleanNotebook, notebookText, readNotebook } from '../../tools/notebooks/notebook-file.mjs';
import { fromText, toText } from '../../tools/notebooks/notebook-text.mjs';
import { findNotebooks } from '../../tools/notebooks/options.mjs';

const text = `<!-- #title -->
# Which way is downhill?

Every line has a slope.

\`\`\`ts #setup
import { predict } from "gradlab/lab";

predict("downhill");
\`\`\`

Text behind a cell.

\`\`\`ts
not a cell
\`\`\`

<!-- #why -->
Because.

\`\`\`ts #times volatile slow
1;
\`\`\`
`;

describe('a notebook as text', () => {
  it('has its cells, their ids and their tags', () => {
    const { cells } = fromText(text);
    expect(cells.map(({ id, cell_type: type }: { id: string; cell_type: string }) => `${type} ${id}`)).toEqual([
      'markdown title',
      'code setup',
      'markdown setup-text',
      'markdown why',
      'code times',
    ]);
    expect(cells[0].source).toBe('# Which way is downhill?\n\nEvery line has a slope.');
    expect(cells[1].source).toBe('import { predict } from "gradlab/lab";\n\npredict("downhill");');
    expect(cells[2].source).toBe('Text behind a cell.\n\n```ts\nnot a cell\n```');
    expect(cells[4]).toMatchObject({ metadata: { tags: ['volatile', 'slow'] }, outputs: [], execution_count: null });
  });

  it.each(findNotebooks(paths.notebooks) as string[])('reproduces %s, with its outputs', (name) => {
    const file = path.join(paths.notebooks, name);
    const notebook = readNotebook(file);
    const ways = notebook.cells.filter(({ id }: { id: string }) => id.startsWith('way-'));
    const again = fromText(toText(notebook), notebook, file);
    for (const way of ways) again.cells.splice(notebook.cells.indexOf(way), 0, way);
    expect(notebookText(cleanNotebook(again), file) === fs.readFileSync(file, 'utf8')).toBe(true);
  });

  it('keeps the outputs of unchanged cells only', () => {
    const notebook = fromText(text);
    for (const cell of notebook.cells) if (cell.outputs) Object.assign(cell, { outputs: [{}], execution_count: 1 });
    const { cells } = fromText(text.replace('1;', '2;'), notebook);
    expect(cells.map(({ outputs }: { outputs?: object[] }) => outputs?.length)).toEqual([
      undefined,
      1,
      undefined,
      undefined,
      0,
    ]);
  });

  it.each([
    ['text before the first cell', `Hello.\n${text}`, 'line 1 is before the first cell'],
    ['a duplicate id', text.replace('#why', '#title'), 'two cells are called #title'],
    ['a fence without end', `${text}\n\`\`\`ts #last\n1;`, 'the cell #last has no closing fence'],
  ])('is rejected with %s', (_, wrong, message) => {
    expect(() => fromText(wrong)).toThrow(message);
  });
});

describe('npm run text', () => {
  const run = (folder: string, ...names: string[]) => {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [path.join(paths.root, 'scripts', 'text.mjs'), ...names],
      {
        cwd: folder,
        encoding: 'utf8',
      },
    );
    return { status, said: stdout.trim().split('\n'), wrong: stderr.trim().split('\n').filter(Boolean) };
  };
  const withTexts = (texts: Record<string, string>, look: (folder: string) => void) => {
    const folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'gradlab-text-')));
    try {
      for (const [name, content] of Object.entries(texts)) fs.writeFileSync(path.join(folder, name), content);
      look(folder);
    } finally {
      fs.rmSync(folder, { recursive: true });
    }
  };

  it('writes each given file, also if another one fails', () => {
    withTexts({ '01-a.md': text, '02-wrong.md': `Hello.\n${text}`, '03-c.md': text }, (folder) => {
      const { status, said, wrong } = run(folder, '01-a.md', '02-wrong.md', '03-c.md', 'none.md', '01-a.md');
      expect(said).toEqual(['01-a.ipynb written', '03-c.ipynb written']);
      expect(wrong).toHaveLength(2);
      expect(wrong[0]).toBe('✗ 02-wrong.md: line 1 is before the first cell; begin with <!-- #title -->');
      expect(wrong[1]).toMatch(/^✗ none\.md: /);
      expect(status).toBe(1);
      const back = run(folder, '01-a.ipynb', '03-c.ipynb');
      expect(back).toEqual({ status: 0, said: ['01-a.md written', '03-c.md written'], wrong: [] });
    });
  });

  it.each([
    '003-nyu-week-2/05-modules',
    '004-neural-networks/03-activation-functions',
    '004-neural-networks/q-dying-relu',
  ])('reproduces a page of every kind: %s', (name) => {
    const notebook = path.join(paths.notebooks, `${name}.ipynb`);
    const text = notebook.replace(/ipynb$/, 'md');
    const before = fs.readFileSync(notebook, 'utf8');
    try {
      expect(run(paths.root, notebook).status).toBe(0);
      expect(run(paths.root, text)).toMatchObject({ status: 0, wrong: [] });
      expect(fs.readFileSync(notebook, 'utf8') === before).toBe(true);
    } finally {
      fs.rmSync(text, { force: true });
      fs.writeFileSync(notebook, before);
    }
  });

  it('overwrites neither a notebook nor its text with the other', () => {
    withTexts({ '01-a.md': text }, (folder) => {
      run(folder, '01-a.md');
      fs.writeFileSync(path.join(folder, '01-a.md'), `${text}\n<!-- #new -->\nNew.\n`);
      const { status, wrong } = run(folder, '01-a.ipynb', '01-a.md');
      expect([status, wrong.length]).toEqual([1, 2]);
      expect(fs.readFileSync(path.join(folder, '01-a.md'), 'utf8')).toContain('New.');
    });
  });
});
