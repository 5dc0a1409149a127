import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { countVerdicts, findClaims, judgeClaims, readClaimsList } from '../../kernel-setup/runner/claims.mjs';
import { ClaimCard, type Measurement, judge as measure } from '../../src/notebook';

/** Bundle and text of a claim as the library puts them out. */
const card = (measurements: Measurement[]) =>
  new ClaimCard(
    { ...entry, verdict: 'holds' },
    measurements.map((measurement) => measure('claim', measurement)),
  ).mimeBundle();

const entry = { id: 'D10', note: '002', verdict: 'holds', sentence: 'A sentence.', notebook: '002/a.ipynb' };
const good = { id: 'D10', verdict: 'holds', value: 1e-9, expected: 0, tolerance: 1e-6, bound: '1e-6' };

const inNotebook = (...outputs: object[]) => ({ cells: [{ cell_type: 'markdown' }, { cell_type: 'code', outputs }] });
const bundle = (claim: object) => ({ data: { 'application/vnd.gradlab.claim+json': claim } });
const judge = (claim: object) => judgeClaims([{ index: 1, ...claim }], [entry], '002/a.ipynb');
const messages = (claim: object) => judge(claim).map(({ message }: { message: string }) => message);

describe('claims among the outputs', () => {
  it('are read from their bundle, with the cell that asserted them', () => {
    const [found, ...others] = findClaims(inNotebook({ data: { 'text/plain': 'no claim' } }, bundle(good)));
    expect(others).toEqual([]);
    expect(found).toEqual({ index: 1, ...good });
  });

  it('are read from a bundle that arrives as text', () => {
    expect(findClaims(inNotebook(bundle(JSON.stringify(good) as unknown as object)))[0]).toMatchObject(good);
  });

  it.each([
    ['a tolerance', [{ value: 1e-9, expected: 0, tolerance: 1e-6 }], [1e-9]],
    ['a relative tolerance', [{ name: 'x', value: 101, expected: 100, tolerance: 0.02, relative: true }], [101]],
    ['an exact value', [{ value: 4, expected: 4, tolerance: 0 }], [4]],
    [
      'two bounds, two parts',
      [
        { value: [3, 5], above: 1, below: 6 },
        { value: -3, below: 0 },
      ],
      [5, -3],
    ],
  ])('are what the library puts out, with %s', (_, measurements: Measurement[], values) => {
    const claims = findClaims(inNotebook({ data: card(measurements) }));
    expect(claims).toHaveLength(1);
    expect(claims[0]).toMatchObject({ id: 'D10', verdict: 'holds', statement: 'A sentence.' });
    expect(claims[0].parts.map(({ value }: { value: number }) => value)).toEqual(values);
    expect(judgeClaims(claims, [entry], '002/a.ipynb')).toEqual([]);
  });

  it('are refused when the library found them broken', () => {
    const broken = card([
      { value: 1, expected: 1, tolerance: 0 },
      { value: 7, below: 2 },
    ]);
    expect(judge(findClaims(inNotebook({ data: broken }))[0])[0]).toMatchObject({
      message: 'failed: measured 7, demanded below 2',
    });
  });
});

describe('a claim', () => {
  it('passes with its verdict, a finite number and a finite bound', () => {
    expect(judge(good)).toEqual([]);
    expect(
      judge({
        id: 'D10',
        verdict: 'holds',
        parts: [{ value: 2, expected: null, tolerance: null, bound: 'below 3', passed: true }],
      }),
    ).toEqual([]);
    expect(
      judge({ id: 'D10', verdict: 'holds', value: 1.01, expected: 1, tolerance: 0.02, bound: '0.02 relative' }),
    ).toEqual([]);
    expect(
      judge({ id: 'D10', verdict: 'holds', value: 100.5, expected: 100, tolerance: 0.02, bound: '0.02 relative' }),
    ).toEqual([]);
    expect(judge({ id: 'D10', verdict: 'holds', value: 0, expected: 0, tolerance: 0, bound: 'exactly' })).toEqual([]);
  });

  it.each([
    ['no number', { ...good, value: undefined }, /no finite measured number \(value: none\)/],
    ['true for a number', { ...good, value: true }, /no finite measured number \(value: true\)/],
    ['NaN for a number', { ...good, value: Number.NaN }, /no finite measured number/],
    ['null for a number', { ...good, value: null }, /no finite measured number \(value: null\)/],
    ['an infinite number', { ...good, value: Number.POSITIVE_INFINITY }, /no finite measured number/],
    ['no bound', { ...good, tolerance: undefined, bound: undefined }, /no finite bound/],
    ['a bound without number', { ...good, tolerance: null, bound: 'small' }, /no finite bound/],
    ['an infinite bound', { ...good, tolerance: Number.POSITIVE_INFINITY }, /no finite bound/],
    ['an infinite bound in words', { ...good, tolerance: null, bound: 'below Infinity' }, /no finite bound/],
    ['a negative bound', { ...good, tolerance: -1 }, /no finite bound/],
    ['nothing expected', { ...good, expected: null }, /no finite bound/],
    ['nothing measured', { id: 'D10', verdict: 'holds', parts: [] }, /no measured number/],
    ['a number outside its bound', { ...good, value: 2e-6 }, /says "holds", but measured 0.000002 where 0 within 1e-6/],
    [
      'a number outside its relative bound',
      { ...good, value: 103, expected: 100, tolerance: 0.02, bound: '0.02 relative' },
      /but measured 103/,
    ],
    [
      'a part that did not pass',
      { id: 'D10', verdict: 'holds', parts: [{ value: 4, bound: 'below 3', passed: false }] },
      /but measured 4 where below 3/,
    ],
    [
      'a bad second part',
      { id: 'D10', verdict: 'holds', parts: [good, { ...good, value: null }] },
      /no finite measured number/,
    ],
    [
      'another verdict than the list',
      { ...good, verdict: 'conditional' },
      /has the verdict "conditional"; claims.json says "holds"/,
    ],
    ['an unknown verdict', { ...good, verdict: 'maybe' }, /none of holds, conditional/],
    ['a failed assertion', { ...good, verdict: 'failed', value: 1 }, /^failed: measured 1, demanded 0 within 1e-6$/],
  ])('is refused with %s', (_, claim, message) => {
    expect(messages(claim).join('\n')).toMatch(message);
  });

  it('is refused when the list does not have it, or has it elsewhere, or twice, or when it is missing', () => {
    expect(messages({ ...good, id: 'D11' })).toEqual([
      'is not in claims.json',
      'is in claims.json and was not asserted',
    ]);
    expect(judgeClaims([{ index: 1, ...good }], [entry], '002/b.ipynb')[0].message).toMatch(/belongs to 002\/a.ipynb/);
    const twice = [
      { index: 1, ...good },
      { index: 2, ...good },
    ];
    expect(judgeClaims(twice, [entry], '002/a.ipynb')).toEqual([{ id: 'D10', index: 2, message: 'is asserted twice' }]);
    expect(judgeClaims([], [entry], '002/a.ipynb')).toEqual([
      { id: 'D10', index: -1, message: 'is in claims.json and was not asserted' },
    ]);
    expect(judgeClaims([], [entry], '002/b.ipynb')).toEqual([]);
  });

  it('of opinion needs no number', () => {
    const opinion = { ...entry, verdict: 'opinion' };
    expect(judgeClaims([{ index: 1, id: 'D10', verdict: 'opinion' }], [opinion], '002/a.ipynb')).toEqual([]);
  });

  it('is counted by its verdict', () => {
    const claims = [{ verdict: 'holds' }, { verdict: 'wrong' }, { verdict: 'holds' }];
    expect(countVerdicts(claims)).toBe('2 holds, 1 wrong');
    expect(countVerdicts(claims, { all: true })).toBe('2 holds, 0 conditional, 1 wrong, 0 opinion, 0 failed');
  });
});

describe('claims.json', () => {
  const folders: string[] = [];
  afterEach(() => {
    for (const folder of folders.splice(0)) fs.rmSync(folder, { recursive: true });
  });
  const read = (content: unknown) => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'gradlab-claims-'));
    folders.push(folder);
    fs.mkdirSync(path.join(folder, '002'));
    fs.writeFileSync(path.join(folder, '002', 'a.ipynb'), '{}');
    const file = path.join(folder, 'claims.json');
    fs.writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
    return readClaimsList(file);
  };

  it('is read, and may be absent', () => {
    expect(read([entry])).toEqual({ entries: [entry], problems: [] });
    expect(readClaimsList('/nowhere/claims.json')).toEqual({ entries: [], problems: [] });
  });

  it.each([
    ['text that is not JSON', '[{', /not JSON/],
    ['an object', {}, /must be an array/],
    ['no sentence', [{ ...entry, sentence: '' }], /D10: "sentence" must be a text/],
    ['a number for a note', [{ ...entry, note: 2 }], /D10: "note" must be a text/],
    [
      'an unknown verdict',
      [{ ...entry, verdict: 'true' }],
      /verdict "true" is none of holds, conditional, wrong, opinion$/,
    ],
    ['the verdict of a failure', [{ ...entry, verdict: 'failed' }], /verdict "failed" is none of/],
    ['an unknown key', [{ ...entry, url: 'x' }], /unknown key "url"/],
    ['a strange id', [{ ...entry, id: 'd10' }], /an id is a capital letter/],
    ['two lines', [{ ...entry, sentence: 'a\nb' }], /one line/],
    ['a notebook that is not there', [{ ...entry, notebook: '002/b.ipynb' }], /no notebook 002\/b.ipynb/],
    ['an id twice', [entry, entry], /D10: is listed twice/],
    ['null for an entry', [null], /entry 1: "id" must be a text/],
  ])('is refused with %s', (_, content, message) => {
    expect(read(content).problems.join('\n')).toMatch(message);
  });
});
