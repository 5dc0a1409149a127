// PyTorch's own cases against the library: those that cannot pass stand, with the reason, in docs/oracle.md.
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

/** How many cases each kind has, so that none is lost on the way. */
const cases = { op: 3428, error: 836, module: 581, optim: 168, sched: 72 };
const results: Result[] = runFolder(data, subject);
const random: Result[] = runRandom(join(data, 'rng.json.gz'), subject);
const notes: Result[] = runNotes(join(data, 'notes.json'), subject);

/** What fails and is not explained. */
const surprises = (of: readonly Result[]) =>
  of
    .filter(({ id, error }) => error !== undefined && !explained.has(id))
    .map(({ id, op, error }) => `${id} ${op}: ${error}`);

describe.each(Object.entries(cases))('PyTorch, %s', (kind, count) => {
  const ofKind = results.filter((r) => r.kind === kind);

  test('every case has a result', () => {
    expect(ofKind.length).toBe(count);
  });

  test('all pass but those that docs/oracle.md explains', () => {
    expect(surprises(ofKind)).toEqual([]);
  });
});

test('random numbers are those of PyTorch, and the state after each call', () => {
  expect(random.length).toBe(4830);
  expect(surprises(random)).toEqual([]);
});

test("the notes' programs give PyTorch's values", () => {
  expect(notes.length).toBe(54);
  expect(surprises(notes)).toEqual([]);
});

test('what docs/oracle.md explains does fail', () => {
  const failed = new Set(
    [...results, ...random, ...notes].filter(({ error }) => error !== undefined).map(({ id }) => id),
  );
  expect([...explained].filter((id) => !failed.has(id))).toEqual([]);
});
