import { beforeEach, describe, expect, test } from 'vitest';
import { History } from '../../../kernel-setup/kernel/host/history';

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
  test('the last n, oldest first', () => {
    expect(history.find({ hist_access_type: 'tail', n: 2 })).toEqual([
      [1, 4, 'f(x)'],
      [1, 5, 'b?'],
    ]);
    expect(history.find({ hist_access_type: 'tail', n: 0 })).toEqual([]);
    expect(lines(history.find({ hist_access_type: 'tail', n: 99 }))).toEqual([1, 2, 3, 4, 5]);
  });

  test('with outputs, where there are some', () => {
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

  test('n of them, each once', () => {
    expect(lines(history.find({ hist_access_type: 'search', pattern: '* = *', n: 1 }))).toEqual([3]);
    expect(lines(history.find({ hist_access_type: 'search', pattern: '* = *', unique: true }))).toEqual([2, 3]);
  });
});

describe('range', () => {
  test('from start to before stop', () => {
    expect(lines(history.find({ hist_access_type: 'range', session: 0, start: 2, stop: 4 }))).toEqual([2, 3]);
    expect(lines(history.find({ hist_access_type: 'range', session: 1, start: 4 }))).toEqual([4, 5]);
  });

  test('other sessions are not known', () => {
    expect(history.find({ hist_access_type: 'range', session: -1, start: 0, stop: 9 })).toEqual([]);
  });
});
