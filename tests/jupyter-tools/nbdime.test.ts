// nbdime's differences of notebooks with the settings of docs/how-to/other-tools.md: the author's changes, without
// those of a run.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import { paths } from '../../kernel-setup/setup/index.mjs';
import { readNotebook } from '../../tools/notebooks/notebook-file.mjs';
import { describeTools, environment } from './environment';

const notebook = path.join(paths.notebooks, '002-gradient-descent', '01-gradient-descent-in-3d.ipynb');

describeTools('nbdime', () => {
  test('shows the source of a changed cell, and no figure, count or metadata', () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'gradlab-nbdime-'));
    const git = (...args: string[]) =>
      stripVTControlCharacters(execFileSync('git', args, { cwd: folder, encoding: 'utf8', env: environment() }));
    try {
      git('init', '--quiet');
      fs.copyFileSync(path.join(paths.root, '.gitattributes'), path.join(folder, '.gitattributes'));
      const page = fs.readFileSync(path.join(paths.root, 'docs', 'how-to', 'other-tools.md'), 'utf8');
      const [, command] = /`git config (?:--global )?diff\.jupyternotebook\.command "([^"]+)"`/.exec(page)!;
      git('config', 'diff.jupyternotebook.command', command!);
      const file = path.join(folder, 'notebook.ipynb');
      const content = readNotebook(notebook);
      const write = () => fs.writeFileSync(file, JSON.stringify(content, null, 1));
      write();
      git('add', '.');

      for (const cell of content.cells) {
        cell.metadata.collapsed = true;
        if (cell.cell_type !== 'code') continue;
        cell.execution_count += 3;
        for (const { data = {} } of cell.outputs) {
          if (data['image/png']) data['image/png'] = data['image/png'].replace(/.{40}$/, 'A'.repeat(40));
          if (data['text/plain']) data['text/plain'] += '!';
          const [trace] = data['application/vnd.plotly.v1+json']?.data ?? [];
          if (trace) trace.name = 'other';
        }
      }
      content.metadata.language_info = { name: 'typescript' };
      write();
      expect(git('diff', '--', 'notebook.ipynb')).toBe('');

      const last = content.cells.findLast(({ cell_type }: { cell_type: string }) => cell_type === 'code');
      last.source = `// changed\n${last.source}`;
      write();
      const lines = git('diff', '--', 'notebook.ipynb').split('\n');
      expect(lines.filter((line) => /^[-+](?![-+])/.test(line))).toEqual(['+// changed']);
    } finally {
      fs.rmSync(folder, { recursive: true, force: true });
    }
  });
});
