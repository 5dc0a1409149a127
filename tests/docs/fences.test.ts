// The blocks of README and of docs/ are tested. A page is like a notebook: its blocks `ts run` are cells of one kernel,
// in order, and a block `text output` after one is its complete output. Blocks `ts types` are only compiled, in their
// place. A block `json NAME` or `js NAME` is a file beside the notebook. Commands must call existing scripts.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { paths } from '../../kernel-setup/setup/paths.mjs';
import { CellSession, failureOf, type Ran } from '../kernel/support/cell-session';
import { brokenLinks, type Fence, pageOf, pages, scriptsIn, unnamed } from './fences';

const { scripts } = JSON.parse(fs.readFileSync(path.join(paths.root, 'package.json'), 'utf8'));
const isTypeScript = ({ kind }: Fence) => kind === 'ts run' || kind === 'ts types';

let session: CellSession | undefined;
afterEach(async () => {
  await session?.close();
  session = undefined;
});

/** The visible output of a cell. */
const shown = ({ output, data }: Ran) => `${output}${data?.['text/plain'] ?? ''}`.trimEnd();

/**
 * Runs a page's blocks.
 * @returns the problems, by line
 */
async function wrongIn(fences: readonly Fence[]): Promise<string[]> {
  session = await CellSession.start({}, [paths.cellTypes]);
  const wrong: string[] = [];
  let last: Ran | undefined;
  for (const { kind, text, line } of fences) {
    const say = (what: string) => what !== '' && wrong.push(`line ${line}: ${what}`);
    const file = /^(?:json|js) (\S+)$/.exec(kind)?.[1];
    if (file !== undefined) session.write({ [file]: text });
    if (kind === 'ts types') {
      const compiled = session.compiler.compile(text, 'block');
      if (!compiled.ok) say(failureOf({ file: '', ok: false, diagnostics: compiled.diagnostics, output: '' }));
    }
    if (kind === 'ts run') {
      last = await session.execute(text);
      if (!last.ok) say(failureOf(last));
    }
    if (kind === 'text output' && last === undefined) say('no block before it gives an output');
    if (kind === 'text output' && last?.ok && shown(last) !== text.trimEnd()) say(`the output is\n${shown(last)}`);
  }
  return wrong;
}

describe.each(pages().map((page) => [page.name, page] as const))('%s', (_, page) => {
  test('marks TypeScript blocks as run or types', () => expect(unnamed(page)).toEqual([]));

  test('calls existing scripts', () => {
    const called = page.fences.filter(({ kind }) => kind === 'sh').flatMap(({ text }) => scriptsIn(text));
    expect(called.filter((name) => !(name in scripts))).toEqual([]);
  });

  test('links to existing files', () => expect(brokenLinks(page)).toEqual([]));

  if (page.fences.some(isTypeScript))
    test('has blocks that run', async () => expect(await wrongIn(page.fences)).toEqual([]));
});

const textOf = (name: string) => pages().find((page) => page.name === `docs/reference/${name}.md`)!.text;

test('the reference names every command', () => {
  const missing = Object.keys(scripts).filter((name) => !new RegExp(`npm (run )?${name}\\b`).test(textOf('commands')));
  expect(missing).toEqual([]);
});

/** What parts of the project tell each other. */
const between = ['BREAK', 'BREAK_COVERAGE', 'BREAK_SOURCE', 'LEFT', 'SET_UP_PID', 'TOGETHER'];

test('the reference names every environment variable that a person may set', () => {
  const found = execFileSync(
    'git',
    ['grep', '-ohE', 'GRADLAB_[A-Z_]+', '--', '*.ts', '*.mjs', '*.cjs', '*.mts', '*.py'],
    {
      cwd: paths.root,
      encoding: 'utf8',
    },
  );
  const names = [...new Set(found.trim().split('\n'))].filter(
    (name) => !between.includes(name.replace('GRADLAB_', '')),
  );
  expect(names.length).toBeGreaterThan(8);
  expect(names.filter((name) => !textOf('environment').includes(`\`${name}=`))).toEqual([]);
});

test('README is read in three minutes', () => {
  const { text } = pages()[0]!;
  expect(text.split('\n').length).toBeLessThanOrEqual(121);
  expect(text.split(/\s+/).length).toBeLessThanOrEqual(700);
});

test('pages in sections begin with their kind and reading time', () => {
  const rooms = { start: 'Start', 'how-to': 'How-to', reference: 'Reference', why: 'Why' };
  for (const { name, text } of pages()) {
    const room = name.split('/').at(-2) as keyof typeof rooms;
    if (room in rooms) expect(text, name).toMatch(new RegExp(`^\\*${rooms[room]} · \\d+ minutes?\\*\\n\\n# `));
  }
});

describe('a page', () => {
  const page = (text: string) => pageOf('docs/page.md', text.replaceAll('~', '`'));

  test('with an unmarked TypeScript block is reported', () => {
    const text = '# A page\n\n~~~ts\n1\n~~~\n\n~~~ts run\n1\n~~~\n~~~typescript\n1\n~~~\n';
    expect(unnamed(page(text)).map((line) => line.split(':')[0])).toEqual(['line 3', 'line 10']);
  });

  test('in a list has its blocks without the indentation', () => {
    expect(page('1. Do.\n\n   ~~~ts run\n   if (1)\n     2;\n   ~~~\n').fences).toEqual([
      { kind: 'ts run', text: 'if (1)\n  2;\n', line: 3 },
    ]);
  });

  test('with errors, other outputs and wrong types is rejected', async () => {
    const { fences } = page(
      [
        '~~~json rows.json\n[1, 2]\n~~~',
        '~~~ts run\nimport rows from "./rows.json";\nrows.length\n~~~',
        '~~~text output\n2\n~~~',
        '~~~ts run\nconsole.log("a"); 3\n~~~',
        '~~~text output\na\n4\n~~~',
        '~~~ts types\nconst text: string = rows.length;\n~~~',
        '~~~ts run\nthrow new Error("no")\n~~~',
      ].join('\n'),
    );
    const wrong = await wrongIn(fences);
    expect(wrong.map((line) => line.split('\n').slice(0, 2).join(' '))).toEqual([
      expect.stringMatching(/^line 14: the output is a/),
      expect.stringMatching(/^line 18: .*TS2322/),
      expect.stringMatching(/^line 21: Error: no/),
    ]);
  });

  test('with broken links is reported', () => {
    const links = '[a](ops.md) [b](../README.md#x) [c](none.md) [d](https://x.org) `[e](f)` ![f](none.png)';
    expect(brokenLinks(page(links))).toEqual(['none.md', 'none.png']);
  });

  test('names the scripts of its commands', () => {
    expect(scriptsIn('npm start -- --no-browser\nnpm run setup -- --install # npm test\nnpm install x')).toEqual([
      'setup',
      'start',
      'test',
    ]);
  });
});
