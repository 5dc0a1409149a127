// PyTorch's own cases against the library: those that cannot pass stand, with the reason, in docs/oracle.md.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readApi } from '../../scripts/api.mjs';
import * as gradlab from '../../src';
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
const cases = { op: 3185, error: 834, module: 581, optim: 168, sched: 72 };
const results: Result[] = runFolder(data, subject);

describe.each(Object.entries(cases))('PyTorch, %s', (kind, count) => {
  const ofKind = results.filter((r) => r.kind === kind);

  test('every case has a result', () => {
    expect(ofKind.length).toBe(count);
  });

  test('all pass but those that docs/oracle.md explains', () => {
    const failed = ofKind.filter(({ error }) => error !== undefined);
    const surprises = failed.filter(({ id }) => !explained.has(id));
    expect(surprises.map(({ id, op, error }) => `${id} ${op}: ${error}`)).toEqual([]);
  });
});

test('random numbers are those of PyTorch, and the state after each call', () => {
  const random: Result[] = runRandom(join(data, 'rng.json.gz'), subject);
  expect(random.length).toBeGreaterThan(500);
  const surprises = random.filter(({ id, error }) => error !== undefined && !explained.has(id));
  expect(surprises.map(({ id, op, error }) => `${id} ${op}: ${error}`)).toEqual([]);
});

test("the notes' programs give PyTorch's values", () => {
  const values: Result[] = runNotes(join(data, 'notes.json'), subject);
  expect(values.length).toBeGreaterThan(10);
  const surprises = values.filter(({ id, error }) => error !== undefined && !explained.has(id));
  expect(surprises.map(({ id, op, error }) => `${id} ${op}: ${error}`)).toEqual([]);
});

test('what docs/oracle.md explains does fail', () => {
  const all = [
    ...results,
    ...runRandom(join(data, 'rng.json.gz'), subject),
    ...runNotes(join(data, 'notes.json'), subject),
  ];
  const failed = new Set(all.filter(({ error }) => error !== undefined).map(({ id }) => id));
  expect([...explained].filter((id) => !failed.has(id))).toEqual([]);
});
