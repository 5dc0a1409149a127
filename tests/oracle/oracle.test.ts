// PyTorch's own cases against the library. docs/oracle.md lists those that cannot pass, with the reason.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import * as gradlab from '../../src';
import { readApi } from '../../tools/reference/api.mjs';
import { root } from '../support/typescript';
import { runFolder, runNotes, runRandom } from './runner.mjs';

interface Result {
  file: string;
  kind: string;
  op: string;
  id: string;
  error?: string;
}

const data = join(root, 'tests/oracle/data');
const subject = { gradlab, api: readApi() };
const explained = new Set(
  [...readFileSync(join(root, 'docs/oracle.md'), 'utf8').matchAll(/^- `([^`]+)`: \S/gm)].map(([, id]) => id),
);

/** The number of cases of each kind, so that none is lost unnoticed. */
const cases = { op: 3428, error: 836, module: 581, optim: 168, sched: 72 };
const results: Result[] = runFolder(data, subject);
const random: Result[] = runRandom(join(data, 'rng.json.gz'), subject);
const notes: Result[] = runNotes(join(data, 'notes.json'), subject);

/** Failures without an explanation. */
const surprises = (of: readonly Result[]) =>
  of
    .filter(({ id, error }) => error !== undefined && !explained.has(id))
    .map(({ id, op, error }) => `${id} ${op}: ${error}`);

describe.each(Object.entries(cases))('PyTorch, %s', (kind, count) => {
  const ofKind = results.filter((r) => r.kind === kind);

  test('every case has a result', () => {
    expect(ofKind.length).toBe(count);
  });

  test('all pass except those that docs/oracle.md explains', () => {
    expect(surprises(ofKind)).toEqual([]);
  });
});

test("random numbers, and the state after each call, are PyTorch's", () => {
  expect(random.length).toBe(4830);
  expect(surprises(random)).toEqual([]);
});

test("the notes' programs give PyTorch's values", () => {
  expect(notes.length).toBe(54);
  expect(surprises(notes)).toEqual([]);
});

test('the cases that docs/oracle.md explains do fail', () => {
  const failed = new Set(
    [...results, ...random, ...notes].filter(({ error }) => error !== undefined).map(({ id }) => id),
  );
  expect([...explained].filter((id) => !failed.has(id))).toEqual([]);
});
