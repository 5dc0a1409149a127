import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { paths } from '../../kernel-setup/setup/paths.mjs';
import {
  allNotebooks,
  describePart,
  filesLeft,
  inPart,
  kindsAtHome,
  longFiles,
  notebooksInPart,
  partOf,
  round,
  roundAtHome,
  servers,
  serversInPart,
  takesFirefox,
  ways,
} from '../support/part.mjs';
import { scratchFolder } from '../support/project-copy';

const hundred = Array.from({ length: 100 }, (_, i) => `note/${String(i).padStart(2, '0')}.ipynb`);
const tenths = Array.from({ length: round }, (_, number) => ({ number, of: round }));
const atHome = Array.from({ length: roundAtHome }, (_, number) => ({ number, of: roundAtHome }));
const ci = { CI: 'true' };
const everything = { number: 0, of: 1 };

const folder = scratchFolder();
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));
const git = (root: string, ...args: string[]) =>
  execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@t.invalid', ...args], {
    cwd: root,
    encoding: 'utf8',
    stdio: 'pipe',
  }).trim();

describe('the part of a commit', () => {
  const clone = path.join(folder, 'clone');

  it('is the next one for each commit of a branch, also where one merges others', () => {
    fs.mkdirSync(clone);
    git(clone, 'init', '-q', '-b', 'main');
    const commit = () => {
      git(clone, 'commit', '-q', '--allow-empty', '-m', 'one more');
      return partOf(ci, clone).number;
    };
    expect(Array.from({ length: 12 }, commit)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1, 2]);
    git(clone, 'checkout', '-q', '-b', 'side');
    for (let i = 0; i < 3; i++) commit();
    git(clone, 'checkout', '-q', 'main');
    git(clone, 'merge', '-q', '--no-ff', '-m', 'a merge', 'side');
    expect(partOf(ci, clone)).toEqual({ number: 3, of: 10 });
    expect(commit()).toBe(4);
  });

  it('is at home of one kind, and of it a third of the notebooks that CI takes', () => {
    expect(partOf(ci, clone)).toEqual({ number: 4, of: 10 });
    const home = partOf({}, clone);
    expect(home).toEqual({ number: 14, of: 390 });
    expect(notebooksInPart('stock tslab', home, hundred)).toEqual([]);
    const ofCi = notebooksInPart('a page', partOf(ci, clone), hundred);
    expect(notebooksInPart('a page', home, hundred)).toEqual([0, 3, 6, 9].map((i) => ofCi[i]));
    const others = kindsAtHome.filter(({ files }) => !files.includes('tests/site/pages.test.ts'));
    expect(filesLeft(home, [])).toEqual(
      expect.arrayContaining([...filesLeft(partOf(ci, clone), []), ...others.flatMap(({ files }) => files)]),
    );
    expect(filesLeft(home, [])).not.toContain('tests/site/pages.test.ts');
  });

  it('is at home joined by what tests a change that is not committed', () => {
    const home = { number: 14, of: roundAtHome };
    const changed = (...names: string[]) =>
      filesLeft(
        home,
        names.map((name) => path.join(paths.root, name)),
      );
    const [protocol, vectors] = ['tests/kernel/conformance/**', 'tests/kernels/vectors.test.ts'];
    expect(changed('README.md')).toEqual(filesLeft(home, []));
    expect(changed('README.md')).toEqual(expect.arrayContaining([protocol, vectors]));
    expect(changed('kernel-setup/kernel/host/kernel.ts')).not.toContain(protocol);
    expect(changed('src/kernels/scalar.ts')).not.toContain(vectors);
    expect(changed('src/kernels/scalar.ts', 'srcs/x')).toContain(protocol);
    // CI takes all of them anyway.
    expect(filesLeft({ number: 4, of: round }, [])).not.toContain(protocol);
  });

  it('follows from the hash in a shallow clone, and is the first one in no clone at all', () => {
    const shallow = path.join(folder, 'shallow');
    git(folder, 'clone', '-q', '--depth', '1', `file://${clone}`, shallow);
    const hash = Number.parseInt(git(shallow, 'rev-parse', 'HEAD').slice(0, 8), 16);
    expect(partOf(ci, shallow)).toEqual({ number: hash % 10, of: 10 });
    expect(partOf({}, shallow)).toEqual({ number: hash % 390, of: 390 });
    expect(partOf({}, folder)).toEqual({ number: 0, of: 390 });
  });

  it('is the one that is named', () => {
    expect(partOf({ GRADLAB_PART: '3/10' }, clone)).toEqual({ number: 2, of: 10 });
    expect(partOf({ GRADLAB_PART: '3/10', GRADLAB_ALL: '1' }, clone)).toEqual(everything);
    expect(partOf({ ...ci, GRADLAB_PART: 'any' }, folder)).toEqual({ number: 0, of: 10 });
  });

  it('is all with --all', () => {
    expect(partOf({ CI: 'true', GRADLAB_ALL: '1' }, clone)).toEqual(everything);
    expect(inPart(hundred, 3, everything)).toEqual(hundred);
    expect(filesLeft(everything)).toEqual([]);
    expect(describePart(everything)).toBe('All tests, and every notebook in every way');
  });
});

describe('in ten commits in a row', () => {
  it.each(ways)('every notebook runs once in every way: %s', (way) => {
    const taken = tenths.map((part) => notebooksInPart(way, part, hundred));
    expect(taken.flat().sort()).toEqual(hundred);
    for (const names of taken) expect(names).toHaveLength(10);
  });

  it('every long file runs once', () => {
    const files = longFiles.flat();
    expect(new Set(files).size).toBe(files.length);
    const taken = tenths.map((part) => files.filter((file) => !filesLeft(part, []).includes(file)));
    expect(taken.flat().sort()).toEqual([...files].sort());
    for (const names of taken) expect(names.length).toBeGreaterThan(2);
  });

  it('all that waits for a turn at home meets each third of each part once in a round of its own', () => {
    for (const { files, ways: some } of kindsAtHome) {
      for (const file of files) {
        const taken = atHome.filter((part) => !filesLeft(part, []).includes(file));
        const parts = taken.map(({ number }) => number % round).sort();
        const all = longFiles.flat().includes(file) ? [parts[0]] : tenths.map(({ number }) => number);
        expect(parts, file).toEqual(all.flatMap((number) => [number, number, number]));
      }
      for (const way of some) {
        const taken = atHome.map((part) => notebooksInPart(way, part, hundred)).filter((names) => names.length > 0);
        const kinds = kindsAtHome.filter((kind) => kind.ways.includes(way)).length;
        expect(taken.flat().sort()).toEqual(hundred.flatMap((name) => Array.from({ length: kinds }, () => name)));
        for (const names of taken) expect(names.length).toBeLessThanOrEqual(4);
      }
    }
  });

  it('Firefox is met once', () => {
    expect(tenths.filter((part) => takesFirefox(part))).toHaveLength(1);
    expect(takesFirefox(everything)).toBe(true);
  });

  it('every server is met, where it may be installed', () => {
    const met = (env: NodeJS.ProcessEnv) => tenths.flatMap((part) => serversInPart(env, part)).sort();
    expect(met({ CI: 'true' })).toEqual([...servers].sort());
    expect(met({})).toEqual([]);
  });
});

it('what takes turns is there, and no file asks for its part that has one itself', () => {
  expect(longFiles).toHaveLength(round);
  for (const file of kindsAtHome.flatMap(({ files }) => files))
    expect(fs.existsSync(path.join(paths.root, file.replace(/\*\*$/, ''))), file).toBe(true);
  for (const file of longFiles.flat()) {
    const text = fs.readFileSync(path.join(paths.root, file), 'utf8');
    expect(text, file).not.toMatch(/\b(inPart|\w+InPart)\(/);
  }
});

it('is said before the tests run', () => {
  const said = describePart({ number: 4, of: 10 });
  expect(said).toContain('Part 5 of 10 of what takes long, by the commit; npm test -- --all runs everything');
  expect(said).toContain('  long files: tests/kernel-in-page/conformance.test.ts, ');
  for (const way of ways)
    expect(said).toContain(`  notebooks, ${way}: ${notebooksInPart(way, { number: 4, of: 10 }).join(', ')}`);
  expect(allNotebooks.length).toBeGreaterThan(40);
});
