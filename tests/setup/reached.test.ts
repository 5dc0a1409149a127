// The tests that `npm test` chooses for a change, and its message about them.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { paths } from '../../kernel-setup/setup/paths.mjs';
import { changesIn } from '../support/changes.mjs';
import { choose } from '../support/choose.mjs';
import { scratchFolder } from '../support/project-copy';
import {
  importsOfTests,
  notebooksDue,
  notebooksReached,
  readsBuilt,
  testFiles,
  testsReached,
} from '../support/reached.mjs';
import { allNotebooks, filesLeft, isLong } from '../support/turns.mjs';

const imports = importsOfTests();
const reached = (...changed: string[]) => testsReached(changed, paths.root, imports);
const all = testFiles();
const below = (...folders: string[]) =>
  all.filter((file) => folders.some((folder) => file.startsWith(`tests/${folder}`)));

describe('a change reaches', () => {
  it.each([
    [
      'the tests that import it',
      'src/optim/lbfgs.ts',
      ['optim/lbfgs', 'optim/values'],
      ['tensor/print', 'trees/trees'],
    ],
    [
      'those that import it through others',
      'src/bytes.ts',
      ['io/npy', 'nn/module'],
      ['notebooks/lint', 'browser/figures'],
    ],
    [
      'readers of its build',
      'src/optim/lbfgs.ts',
      ['docs/fences', 'kernel/cells', 'types/exported'],
      ['kernel/cells/errors'],
    ],
    [
      'the kernel',
      'kernel-setup/kernel/host/kernel.ts',
      ['kernel/cells/errors', 'docs/fences'],
      ['tensor/print', 'site/api'],
    ],
    ['the site', 'site/pages/frame.mjs', ['site/pages', 'site/reader'], ['kernel/cells', 'tensor/print']],
    ['tests that use a support file', 'tests/support/use-lab.ts', ['browser/editing'], ['site/pages', 'kernel/cells']],
    ['a test itself', 'tests/tensor/print.test.ts', ['tensor/print'], ['tensor/shape']],
    ['readers of a data file', 'tests/trees/data/none.json', ['trees/trees'], ['tensor/print']],
    ['tests that start a program', 'tests/training/resume/train.mjs', ['training/resume'], ['tensor/print']],
    ['tests of documents', 'README.md', ['docs/fences', 'architecture/documents'], ['tensor/print']],
    [
      'tests of notebooks',
      'notebooks/map.json',
      ['notebooks/lint', 'notebooks/executed'],
      ['notebooks/runner', 'site/api'],
    ],
    ['importers of a deleted file', 'src/optim/gone.ts', ['docs/fences'], ['optim/lbfgs']],
  ])('%s: %s', (_, changed, expected, others) => {
    const found = reached(changed);
    expect(found).toEqual(expect.arrayContaining(expected.map((name) => `tests/${name}.test.ts`)));
    for (const name of others) {
      expect(all).toContain(`tests/${name}.test.ts`);
      expect(found).not.toContain(`tests/${name}.test.ts`);
    }
  });

  it('of a test file reaches only that test', () => {
    expect(reached('tests/tensor/print.test.ts')).toEqual(['tests/tensor/print.test.ts']);
    expect(reached('LICENSE')).toEqual([]);
  });

  it('of packages and settings reaches every short test', () => {
    expect(reached('package-lock.json')).toEqual(all.filter((file) => !isLong(file)));
    expect(reached('vitest.config.mts', 'site/pages/frame.mjs')).toEqual(
      all.filter((file) => !isLong(file) || file.startsWith('tests/site/')),
    );
  });

  it('reaches the whole library if everything depends on the file', () => {
    const library = below('tensor/', 'ops/', 'nn/', 'optim/');
    expect(reached('src/tensor/tensor.ts')).toEqual(expect.arrayContaining(library));
  });

  it('reaches through an index file only the named folders', () => {
    expect(reached('src/tuner/journal.ts')).toEqual(expect.arrayContaining(below('tuner/journal', 'tuner/study')));
    expect(reached('src/tuner/journal.ts')).not.toEqual(expect.arrayContaining(below('nn/conv')));
  });
});

it('the table names existing files', () => {
  for (const [changed, tests] of readsBuilt) {
    expect(fs.existsSync(path.join(paths.root, changed)), changed).toBe(true);
    for (const name of tests)
      expect(fs.existsSync(path.join(paths.root, 'tests', name.endsWith('/') ? name : `${name}.test.ts`)), name).toBe(
        true,
      );
  }
});

it.runIf(changesIn())('each file of the project reaches a test, except for a few', () => {
  const files = execFileSync('git', ['ls-files'], { cwd: paths.root, encoding: 'utf8' }).trim().split('\n');
  expect(files.filter((file) => reached(file).length === 0 && fs.existsSync(path.join(paths.root, file)))).toEqual([
    '.ci/run',
    '.editorconfig',
    '.gitattributes',
    '.gitignore',
    '.npmrc',
    'CITATION.cff',
    'CODE_OF_CONDUCT.md',
    'LICENSE',
    'SECURITY.md',
    'biome.json',
    'tests/support/jupyterlab.d.ts',
  ]);
});

describe('the notebooks of a change', () => {
  const one = '000-machine-learning/03-gans-and-fine-detail.ipynb';
  const due = (...changed: string[]) => notebooksReached(changed);

  it('are those whose files changed', () => {
    expect(due(`notebooks/${one}`)).toEqual([one]);
    expect(due('notebooks/000-machine-learning/03-gans-and-fine-detail.exercises.js')).toEqual([one]);
    expect(due('notebooks/000-machine-learning/gans.recorded.json')).toEqual([one]);
    expect(due('notebooks/claims.json', 'README.md', 'src/tensor/tensor.ts')).toEqual([]);
  });

  it('and those with a figure that changed', () => {
    expect(due('src/lab/lessons/000-gans-and-fine-detail/index.ts')).toEqual([one]);
    expect(due('src/lab/lessons/none/index.ts')).toEqual([]);
  });

  it('are chosen at home; with CI, with --all and with a named part all are', () => {
    const changes = { files: [`notebooks/${one}`], since: 'main' };
    expect(notebooksDue({}, changes)).toEqual([one]);
    expect(notebooksDue({}, undefined)).toEqual([]);
    for (const variable of ['CI', 'GRADLAB_ALL', 'GRADLAB_PART'])
      expect(notebooksDue({ [variable]: '1' }, changes)).toEqual(allNotebooks);
  });
});

describe('npm test prints in three lines what it runs, why, and how to run all', () => {
  const since = {
    files: ['tests/tensor/print.test.ts', 'notebooks/000-machine-learning/gans.recorded.json'],
    since: 'main',
  };
  const how = 'All: npm test -- --all. A folder: npm test -- tests/nn';

  it('at home', () => {
    const { lines, left, nothing } = choose(false, {}, paths.root, since);
    const expected = reached(...since.files);
    expect(lines).toEqual([
      `Runs: ${expected.length} of ${all.length} test files, and 1 notebook: 000-machine-learning/03-gans-and-fine-detail.ipynb`,
      `Why: reached by 2 files changed since main: ${since.files.join(', ')}`,
      how,
    ]);
    expect(left).toEqual(all.filter((file) => !expected.includes(file)));
    expect(nothing).toBe(false);
    expect(choose(false, {}, paths.root, { files: ['LICENSE'], since: 'main' })).toMatchObject({
      nothing: true,
      left: all,
    });
  });

  it('at home, without a change, or outside a clone', () => {
    const short = all.filter((file) => !isLong(file));
    const clean = choose(false, {}, paths.root, { files: [], since: 'origin/main' });
    expect(clean.lines).toEqual([
      `Runs: the ${short.length} short test files`,
      'Why: nothing has changed since origin/main',
      how,
    ]);
    expect(clean.left).toEqual(all.filter(isLong));
    const folder = scratchFolder();
    expect(choose(false, {}, folder).lines[1]).toBe('Why: this is not a clone, so no change is known');
    fs.rmSync(folder, { recursive: true });
  });

  it('with CI, whatever has changed', () => {
    const { lines, left, env } = choose(false, { CI: 'true', GRADLAB_PART: '3/10' }, paths.root, since);
    expect(left).toEqual(filesLeft(2));
    expect(env).toEqual({ GRADLAB_PART: '3/10' });
    expect(lines[0]).toMatch(
      /^Runs: all short tests, and part 3 of 10 of the long ones: .*tests\/site\/reader\.test\.ts/,
    );
    expect(lines).toHaveLength(3);
  });

  it('and nothing if tests are named, which always run', () => {
    expect(choose(true, { CI: 'true' }, paths.root, since)).toMatchObject({ lines: [], left: [], nothing: false });
  });
});

it('a change consists of uncommitted files, and commits of the branch that its upstream lacks', () => {
  const root = scratchFolder();
  expect(changesIn(root)).toBeUndefined();
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@t.invalid', ...args], { cwd: root, stdio: 'pipe' });
  const write = (file: string, text: string) => fs.writeFileSync(path.join(root, file), text);
  git('init', '-q', '-b', 'main');
  write('same', '');
  expect(changesIn(root)).toEqual({ files: ['same'], since: 'the last commit' });
  for (const file of ['written', 'gone']) write(file, '');
  git('add', '.');
  git('commit', '-q', '-m', 'three files');
  expect(changesIn(root)).toEqual({ files: [], since: 'the last commit' });
  write('written', 'more');
  fs.rmSync(path.join(root, 'gone'));
  fs.mkdirSync(path.join(root, 'folder'));
  write('folder/a file of mine', '');
  const changed = ['folder/a file of mine', 'gone', 'written'];
  expect(changesIn(root)).toEqual({ files: changed, since: 'the last commit' });
  git('checkout', '-q', '-b', 'mine');
  git('add', '.');
  git('commit', '-q', '-m', 'mine');
  write('new', '');
  expect(changesIn(root)).toEqual({ files: [...changed.slice(0, 2), 'new', 'written'], since: 'main' });
  git('branch', '-q', '-f', 'main', 'mine');
  expect(changesIn(root)).toEqual({ files: ['new'], since: 'the last commit' });
  fs.rmSync(root, { recursive: true });
});
