// The runner must compare everything that it reports as passed.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, test, vi } from 'vitest';
import * as gradlab from '../../src';
import { readApi } from '../../tools/reference/api.mjs';
import { main } from './main.mjs';
import { report, runFolder } from './runner.mjs';

const folder = mkdtempSync(join(tmpdir(), 'gradlab-oracle-'));
afterAll(() => rmSync(folder, { recursive: true }));
const subject = { gradlab, api: readApi() };
const float = (shape: number[], data: (number | string)[], more = {}) => ({
  $: 'tensor',
  dtype: 'float32',
  shape,
  data,
  ...more,
});
const tolerance = { rtol: 1.3e-6, atol: 1e-5 };

/** The error of one case, or `undefined` if it passed. */
function errorOf(testCase: object): string | undefined {
  writeFileSync(join(folder, 'cases.jsonl'), JSON.stringify({ id: 'x', ...tolerance, kwargs: {}, ...testCase }));
  const results = runFolder(folder, subject);
  expect(results.length).toBe(1);
  return results[0].error;
}

const exp = { kind: 'op', op: 'exp', args: [float([2], [0, 1], { rg: true })] };
const right = { ...exp, expect: float([2], [1, Math.E]), cot: [float([2], [1, 2])] };
const grads = [float([2], [1, 2 * Math.E])];

describe('an operation', () => {
  test('passes with the right values and gradients', () => {
    expect(errorOf({ ...right, grads })).toBeUndefined();
  });

  test.each<[string, object, RegExp]>([
    ['a wrong value', { ...right, grads, expect: float([2], [1, 2.7]) }, /^result: element 1 is 2.718/],
    [
      'a wrong shape',
      { ...right, grads, expect: float([1, 2], [1, Math.E]) },
      /float32 \[2\] instead of float32 \[1,2\]/,
    ],
    ['a wrong dtype', { ...right, grads, expect: { ...float([2], [1, 2]), dtype: 'float64' } }, /instead of float64/],
    ['a wrong gradient', { ...right, grads: [float([2], [1, 2])] }, /^gradient of input 0: element 1/],
    ['an unexpected gradient', { ...right, grads: [null] }, /^gradient of input 0/],
    ['too many cotangents', { ...right, grads, cot: [...right.cot, ...right.cot] }, /1 results require a gradient/],
    ['a number instead of NaN', { ...exp, expect: float([2], [1, 'NaN']) }, /instead of NaN/],
    ['an unknown operation', { ...right, op: 'expp' }, /there is no expp/],
    ['an unknown argument', { ...right, kwargs: { base: 2 } }, /there is no parameter base/],
    ['an extra argument', { ...right, args: [...exp.args, 2] }, /no parameter for argument 1/],
    ['an unknown dtype', { ...right, args: [{ ...float([1], [0]), dtype: 'float8' }] }, /float8/],
    ['an unknown kind of value', { ...right, args: [{ $: 'complex', v: 1 }] }, /unknown kind of value complex/],
    ['an unknown kind of case', { ...right, kind: 'opp' }, /unknown kind opp/],
  ])('%s fails', (_, testCase, message) => {
    expect(errorOf(testCase)).toMatch(message);
  });

  test('a line that is not JSON fails', () => {
    writeFileSync(join(folder, 'cases.jsonl'), '{"kind": "op"\n');
    expect(runFolder(folder, subject)).toMatchObject([{ id: 'line 1', error: expect.stringMatching(/JSON/) }]);
  });
});

describe('a call that must fail', () => {
  const bad = { kind: 'error', op: 'add', args: [float([2], [0, 0]), float([3], [0, 0, 0])] };

  test('passes if it throws one of our errors', () => {
    expect(errorOf(bad)).toBeUndefined();
  });

  test('fails if it does not throw, does not exist, or throws another error', () => {
    expect(errorOf({ ...bad, args: [float([2], [0, 0]), float([1], [0])] })).toMatch(/^no error, but tensor/);
    expect(errorOf({ ...bad, op: 'addd' })).toMatch(/there is no addd/);
    const spoilt = { ...gradlab, add: () => (null as unknown as { x: number }).x };
    writeFileSync(join(folder, 'cases.jsonl'), JSON.stringify({ id: 'x', kwargs: {}, ...bad }));
    expect(runFolder(folder, { ...subject, gradlab: spoilt })[0].error).toMatch(/an untyped TypeError/);
  });
});

describe('a module', () => {
  const state = { weight: float([1, 2], [2, 3]), bias: float([1], [1]) };
  const linear = {
    kind: 'module',
    op: 'nn.Linear',
    ctor_args: [2, 1],
    training: true,
    state,
    args: [float([1, 2], [4, 5], { rg: true })],
    expect: float([1, 1], [24]),
    cot: [float([1, 1], [2])],
    grads: [float([1, 2], [4, 6])],
    param_grads: { weight: float([1, 2], [8, 10]), bias: float([1], [2]) },
  };

  test('passes with the right values and gradients', () => {
    expect(errorOf(linear)).toBeUndefined();
  });

  test.each<[string, object, RegExp]>([
    [
      'a wrong gradient of a parameter',
      { param_grads: { ...linear.param_grads, bias: float([1], [3]) } },
      /gradient of bias/,
    ],
    ['an unknown parameter', { param_grads: { scale: float([1], [3]) } }, /there is no parameter scale/],
    ['a mismatched state', { state: { ...state, scale: float([1], [1]) } }, /unexpected: scale/],
    ['an unknown option', { ctor_kwargs: { biased: false } }, /there is no parameter biased/],
  ])('%s fails', (_, change, message) => {
    expect(errorOf({ ...linear, ...change })).toMatch(message);
  });
});

test('the report counts, and ends with the total', () => {
  const result = { file: 'a.jsonl', kind: 'op', op: 'exp', id: 'x' };
  const lines = report([result, { ...result, id: 'y', error: 'wrong\nvery' }]);
  expect(lines.slice(0, 2)).toEqual([expect.stringMatching(/^a\.jsonl +op +exp +1\/2$/), '  ✗ y: wrong']);
  expect(lines[lines.length - 1]).toBe('total: 1 passed, 1 failed');
});

test('the command reads compressed files, selects cases, and returns whether all passed as its exit code', () => {
  const log = vi.spyOn(console, 'log').mockImplementation(() => {});
  const error = vi.spyOn(console, 'error').mockImplementation(() => {});
  const packed = mkdtempSync(join(tmpdir(), 'gradlab-oracle-'));
  const good = { id: 'good', ...tolerance, kwargs: {}, ...right, grads };
  const lines = [good, { ...good, id: 'bad', op: 'log' }, { ...good, id: 'later', op: 'log', tier: 2 }];
  writeFileSync(join(packed, 'cases.jsonl.gz'), gzipSync(lines.map((line) => JSON.stringify(line)).join('\n')));
  const lastLine = () => log.mock.calls[log.mock.calls.length - 1][0];
  expect(main([packed, '--op', 'exp'], gradlab)).toBe(0);
  expect(lastLine()).toBe('total: 1 passed, 0 failed');
  expect(main([packed, '--tier', '1'], gradlab)).toBe(1);
  expect(lastLine()).toBe('total: 1 passed, 1 failed');
  expect(main([packed], gradlab)).toBe(1);
  expect(lastLine()).toBe('total: 1 passed, 2 failed');
  expect(main([packed, '--only', 'modules'], gradlab)).toBe(0);
  expect(main(['--only', 'opps'], gradlab)).toBe(2);
  expect(main(['--tierr', '1'], gradlab)).toBe(2);
  rmSync(packed, { recursive: true });
  log.mockRestore();
  error.mockRestore();
});
