import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { paths } from '../../kernel-setup/setup/paths.mjs';
import { choose } from '../support/choose.mjs';
import { scratchFolder } from '../support/project-copy';
import { testFiles } from '../support/reached.mjs';
import {
  allNotebooks,
  filesLeft,
  isAtHome,
  isLong,
  long,
  notebooksTaken,
  servers,
  serversTaken,
  takenOf,
  takesFirefox,
  takesTurns,
  turnOf,
} from '../support/turns.mjs';

interface Row {
  what: (typeof long)[number]['what'];
  files?: readonly string[];
  turns: number;
  first?: number;
  why: string;
}
const rows: readonly Row[] = long;
const ten = Array.from({ length: 10 }, (_, turn) => turn);
const hundred = Array.from({ length: 100 }, (_, i) => `note/${String(i).padStart(2, '0')}.ipynb`);
const files = testFiles();
const inTurns = files.filter(takesTurns);

const folder = scratchFolder();
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));
const git = (root: string, ...args: string[]) =>
  execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@t.invalid', ...args], {
    cwd: root,
    encoding: 'utf8',
    stdio: 'pipe',
  }).trim();

describe('the turn', () => {
  const clone = path.join(folder, 'clone');

  it('is the next one for each commit of a branch, also for merges', () => {
    fs.mkdirSync(clone);
    git(clone, 'init', '-q', '-b', 'main');
    const commit = () => {
      git(clone, 'commit', '-q', '--allow-empty', '-m', 'one more');
      return turnOf({}, clone);
    };
    expect(Array.from({ length: 12 }, commit)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    git(clone, 'checkout', '-q', '-b', 'side');
    for (let i = 0; i < 3; i++) commit();
    git(clone, 'checkout', '-q', 'main');
    git(clone, 'merge', '-q', '--no-ff', '-m', 'a merge', 'side');
    expect(turnOf({}, clone)).toBe(13);
    expect(commit()).toBe(14);
  });

  it('follows from the hash in a shallow clone, and is the first one outside a clone', () => {
    const shallow = path.join(folder, 'shallow');
    git(folder, 'clone', '-q', '--depth', '1', `file://${clone}`, shallow);
    expect(turnOf({}, shallow)).toBe(Number.parseInt(git(shallow, 'rev-parse', 'HEAD').slice(0, 8), 16));
    expect(turnOf({}, folder)).toBe(0);
  });

  it('is the named one, and none with --all', () => {
    expect(turnOf({ GRADLAB_PART: '3/10' }, clone)).toBe(2);
    expect(turnOf({ GRADLAB_PART: 'any' }, folder)).toBe(0);
    expect(turnOf({ CI: 'true', GRADLAB_ALL: '1', GRADLAB_PART: '3/10' }, clone)).toBeNull();
  });

  it('does not matter at home', () => {
    expect(isAtHome({})).toBe(true);
    for (const variable of ['CI', 'GRADLAB_ALL', 'GRADLAB_PART']) expect(isAtHome({ [variable]: '1' })).toBe(false);
  });
});

describe('in ten consecutive commits', () => {
  it('every file that takes turns runs once, and all others run each time', () => {
    expect(inTurns.length).toBeGreaterThan(40);
    const runs = ten.map((turn) => files.filter((file) => !filesLeft(turn).includes(file)));
    const timesOf = (file: string) => runs.filter((names) => names.includes(file)).length;
    for (const file of files) expect(timesOf(file), file).toBe(inTurns.includes(file) ? 1 : 10);
    for (const names of runs) {
      const long = names.filter(takesTurns).length;
      expect(long).toBeGreaterThan(2);
      expect(long).toBeLessThan(8);
    }
  });

  it.each(['stock tslab', 'JupyterLab', 'a page'] as const)('every notebook runs once: %s', (way) => {
    const taken = ten.map((turn) => takenOf(`notebooks, ${way}`, hundred, turn));
    expect(taken.flat().sort()).toEqual(hundred);
    for (const names of taken) expect(names).toHaveLength(10);
    expect(ten.flatMap((turn) => notebooksTaken(way, turn)).sort()).toEqual([...allNotebooks].sort());
  });

  it('no two ways run the same notebooks in one commit', () => {
    const ways = ['notebooks, stock tslab', 'notebooks, JupyterLab', 'notebooks, a page'] as const;
    const taken = ways.flatMap((what) => takenOf(what, hundred, 4));
    expect(new Set(taken).size).toBe(30);
  });

  it('Firefox runs once', () => {
    expect(ten.filter((turn) => takesFirefox(turn))).toEqual([2]);
    expect(filesLeft(2)).not.toContain('tests/kernel-in-page/conformance-firefox.test.ts');
  });

  it('every server runs, where it can be installed', () => {
    const met = (env: NodeJS.ProcessEnv) => ten.flatMap((turn) => serversTaken(env, turn)).sort();
    expect(met({ CI: 'true' })).toEqual([...servers].sort());
    expect(met({})).toEqual([]);
  });

  it('everything runs with --all', () => {
    for (const { what } of rows) expect(takenOf(what, hundred, null)).toEqual(hundred);
    expect(choose(false, { GRADLAB_ALL: '1' })).toMatchObject({ left: [], nothing: false });
  });
});

describe('the table of long tests', () => {
  it('names existing files; no file that takes turns asks for its turn', () => {
    for (const { files: names = [], turns } of rows)
      for (const name of names) {
        const file = path.join(paths.root, 'tests', name.endsWith('/') ? name : `${name}.test.ts`);
        expect(fs.existsSync(file), name).toBe(true);
        if (turns > 1) expect(fs.readFileSync(file, 'utf8'), name).not.toMatch(/\b(takenOf|notebooksTaken)\(/);
      }
    expect(files.filter(isLong).length).toBeLessThan(files.length / 2);
  });

  it('is the one in tests/README.md', () => {
    const text = fs.readFileSync(path.join(paths.root, 'tests', 'README.md'), 'utf8');
    for (const { what, files: names, turns, why } of rows) {
      const folders = [...new Set((names ?? []).map((name) => `\`${name.split('/')[0]}/\``))].join(' ') || 'a list';
      expect(text).toContain(`| ${what} | ${folders} | ${turns} | ${why} |`);
    }
  });
});
