import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { History } from '../../../kernel-setup/kernel/host/history';
import { HistoryFiles } from '../../../kernel-setup/kernel/host/history-files';

let history: History;
const lines = (entries: unknown[][]) => entries.map(([, line]) => line);

beforeEach(() => {
  history = new History();
  ['a = 1', 'b = 2', 'a = 1', 'f(x)', 'b?'].forEach((input, i) => {
    history.add(i + 1, input);
  });
  history.setOutput('7');
});

describe('tail', () => {
  test('returns the last n, oldest first', () => {
    expect(history.find({ hist_access_type: 'tail', n: 2 })).toEqual([
      [1, 4, 'f(x)'],
      [1, 5, 'b?'],
    ]);
    expect(history.find({ hist_access_type: 'tail', n: 0 })).toEqual([]);
    expect(lines(history.find({ hist_access_type: 'tail', n: 99 }))).toEqual([1, 2, 3, 4, 5]);
  });

  test('includes outputs, if there are some', () => {
    expect(history.find({ hist_access_type: 'tail', n: 2, output: true })).toEqual([
      [1, 4, ['f(x)', null]],
      [1, 5, ['b?', '7']],
    ]);
  });
});

describe('search', () => {
  test.each([
    ['a*', [1, 3]],
    ['*2', [2]],
    ['? = ?', [1, 2, 3]],
    ['[!a] = *', [2]],
    ['[af]*', [1, 3, 4]],
    ['f(x)', [4]],
    ['a', []],
  ])('%s', (pattern, found) => {
    expect(lines(history.find({ hist_access_type: 'search', pattern }))).toEqual(found);
  });

  test('returns n of them, each once', () => {
    expect(lines(history.find({ hist_access_type: 'search', pattern: '* = *', n: 1 }))).toEqual([3]);
    expect(lines(history.find({ hist_access_type: 'search', pattern: '* = *', unique: true }))).toEqual([2, 3]);
  });
});

describe('range', () => {
  test('returns start to before stop', () => {
    expect(lines(history.find({ hist_access_type: 'range', session: 0, start: 2, stop: 4 }))).toEqual([2, 3]);
    expect(lines(history.find({ hist_access_type: 'range', session: 1, start: 4 }))).toEqual([4, 5]);
  });

  test('knows no other sessions', () => {
    expect(history.find({ hist_access_type: 'range', session: -1, start: 0, stop: 9 })).toEqual([]);
  });
});

describe('across sessions', () => {
  let folder: string;

  beforeEach(() => {
    folder = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'gradlab-history-')), 'history');
  });

  afterEach(() => fs.rmSync(path.dirname(folder), { recursive: true, force: true }));

  const begin = (...inputs: string[]) => {
    const session = new History(new HistoryFiles(folder));
    inputs.forEach((input, i) => {
      session.add(i + 1, input);
    });
    return session;
  };

  test('finds inputs and results of earlier sessions', () => {
    begin('one = 1', 'one + 1').setOutput('2');
    const second = begin('two = 2');
    expect(second.find({ hist_access_type: 'tail', n: 2, output: true })).toEqual([
      [1, 2, ['one + 1', '2']],
      [2, 1, ['two = 2', null]],
    ]);
    expect(second.find({ hist_access_type: 'search', pattern: 'one*' })).toEqual([
      [1, 1, 'one = 1'],
      [1, 2, 'one + 1'],
    ]);
    for (const session of [1, -1])
      expect(second.find({ hist_access_type: 'range', session, start: 1, stop: 2 })).toEqual([[1, 1, 'one = 1']]);
    for (const session of [0, 2]) expect(lines(second.find({ hist_access_type: 'range', session }))).toEqual([1]);
    expect(second.find({ hist_access_type: 'range', session: 7 })).toEqual([]);
  });

  test('kernels running at the same time have different session numbers', () => {
    const [a, b] = [begin('in a'), begin('in b')];
    a.add(2, 'more in a');
    expect(a.find({ hist_access_type: 'tail' })).toEqual([
      [1, 1, 'in a'],
      [1, 2, 'more in a'],
    ]);
    expect(b.find({ hist_access_type: 'range', session: 0 })).toEqual([[2, 1, 'in b']]);
  });

  test('files are private, a broken line is skipped, and old sessions are deleted', () => {
    begin('kept');
    const file = path.join(folder, '1.jsonl');
    expect([fs.statSync(folder).mode & 0o777, fs.statSync(file).mode & 0o777]).toEqual([0o700, 0o600]);
    fs.appendFileSync(file, '{ "line": 2, "inp');
    expect(begin().find({ hist_access_type: 'tail' })).toEqual([[1, 1, 'kept']]);
    for (let session = 3; session <= 300; session++) fs.writeFileSync(path.join(folder, `${session}.jsonl`), '');
    begin('newest');
    expect(fs.readdirSync(folder).length).toBe(200);
    expect(fs.existsSync(path.join(folder, '301.jsonl'))).toBe(true);
  });

  test('a kernel that runs nothing writes nothing; one that cannot write continues', () => {
    begin();
    expect(fs.existsSync(folder)).toBe(false);
    fs.writeFileSync(folder, 'no folder');
    expect(lines(begin('runs').find({ hist_access_type: 'tail' }))).toEqual([1]);
  });
});
