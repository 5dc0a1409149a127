import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { ClaimTable, type Measurement, judge as measure } from '../../src/lab/notebook';
import { countClaims, findClaims, judgeClaims, readClaimsList } from '../../tools/notebooks/claims.mjs';

/** Bundle and text of a claim in the library's output. */
const card = (measurements: Measurement[]) =>
  new ClaimTable([{ entry, parts: measurements.map((measurement) => measure('claim', measurement)) }]).mimeBundle();

const entry = {
  id: 'D10',
  verdict: 'holds',
  settled: 'measured',
  sentence: 'A sentence.',
  notebook: '002/a.ipynb',
} as const;
const part = { value: 1e-9, expected: 0, tolerance: 1e-6, bound: '1e-6' };
const good = { id: 'D10', verdict: 'holds', settled: 'measured', parts: [part] };
const goodWith = (change: object) => ({ ...good, parts: [{ ...part, ...change }] });

const inNotebook = (...outputs: object[]) => ({ cells: [{ cell_type: 'markdown' }, { cell_type: 'code', outputs }] });
const bundle = (...claims: object[]) => ({ data: { 'application/vnd.gradlab.claim+json': claims } });
const judge = (claim: object) => judgeClaims([{ index: 1, ...claim }], [entry], '002/a.ipynb');
const messages = (claim: object) => judge(claim).map(({ message }: { message: string }) => message);

describe('claims among the outputs', () => {
  it('are read from their bundle, with the cell that asserted them', () => {
    const [found, ...others] = findClaims(inNotebook({ data: { 'text/plain': 'no claim' } }, bundle(good)));
    expect(others).toEqual([]);
    expect(found).toEqual({ index: 1, ...good });
  });

  it('are read from a bundle that arrives as text', () => {
    expect(
      findClaims(inNotebook({ data: { 'application/vnd.gradlab.claim+json': JSON.stringify([good]) } }))[0],
    ).toMatchObject(good);
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
  ])("are the library's output, with %s", (_, measurements: Measurement[], values) => {
    const claims = findClaims(inNotebook({ data: card(measurements) }));
    expect(claims).toHaveLength(1);
    expect(claims[0]).toMatchObject({ id: 'D10', verdict: 'holds', statement: 'A sentence.' });
    expect(claims[0].parts.map(({ value }: { value: number }) => value)).toEqual(values);
    expect(judgeClaims(claims, [entry], '002/a.ipynb')).toEqual([]);
  });

  it('are rejected if the library found them broken', () => {
    const broken = card([
      { value: 1, expected: 1, tolerance: 0 },
      { value: 7, below: 2 },
    ]);
    expect(judge(findClaims(inNotebook({ data: broken }))[0])[0]).toMatchObject({
      message: 'failed: measured 7, demanded below 2',
    });
  });

  it('can be several in one table, measured and read', () => {
    const claims = [
      { entry, parts: [measure('claim', { value: 3, below: 4 })] },
      { entry: { ...entry, id: 'C05', verdict: 'wrong', settled: 'read' } as const, parts: [] },
    ];
    expect(findClaims(inNotebook({ data: new ClaimTable(claims).mimeBundle() }))).toMatchObject([
      { id: 'D10', verdict: 'holds', settled: 'measured', index: 1 },
      { id: 'C05', verdict: 'wrong', settled: 'read', parts: [], index: 1 },
    ]);
  });
});

describe('a claim', () => {
  it('passes with its verdict, a finite number and a finite bound', () => {
    const relative = { expected: 1, tolerance: 0.02, bound: '0.02 relative' };
    for (const change of [
      {},
      { value: 2, expected: null, tolerance: null, bound: 'below 3', passed: true },
      { ...relative, value: 1.01 },
      { ...relative, value: 100.5, expected: 100 },
      { value: 0, tolerance: 0, bound: 'exactly' },
    ]) {
      expect(judge(goodWith(change)), JSON.stringify(change)).toEqual([]);
    }
  });

  it.each([
    ['no number', goodWith({ value: undefined }), /no finite measured number \(value: none\)/],
    ['true instead of a number', goodWith({ value: true }), /no finite measured number \(value: true\)/],
    ['NaN instead of a number', goodWith({ value: Number.NaN }), /no finite measured number/],
    ['null instead of a number', goodWith({ value: null }), /no finite measured number \(value: null\)/],
    ['an infinite number', goodWith({ value: Number.POSITIVE_INFINITY }), /no finite measured number/],
    ['no bound', goodWith({ tolerance: undefined, bound: undefined }), /no finite bound/],
    ['a bound without number', goodWith({ tolerance: null, bound: 'small' }), /no finite bound/],
    ['an infinite bound', goodWith({ tolerance: Number.POSITIVE_INFINITY }), /no finite bound/],
    ['an infinite bound in words', goodWith({ tolerance: null, bound: 'below Infinity' }), /no finite bound/],
    ['a negative bound', goodWith({ tolerance: -1 }), /no finite bound/],
    ['nothing expected', goodWith({ expected: null }), /no finite bound/],
    ['nothing measured', { ...good, parts: [] }, /no measured number/],
    ['an opinion without a number', { ...good, verdict: 'opinion', parts: [] }, /no measured number/],
    [
      'a number outside its bound',
      goodWith({ value: 2e-6 }),
      /says "holds", but measured 0.000002 where 0 within 1e-6/,
    ],
    [
      'a number outside its relative bound',
      goodWith({ value: 103, expected: 100, tolerance: 0.02, bound: '0.02 relative' }),
      /but measured 103/,
    ],
    [
      'a part that did not pass',
      { ...good, parts: [{ value: 4, bound: 'below 3', passed: false }] },
      /but measured 4 where below 3/,
    ],
    ['an invalid second part', { ...good, parts: [part, { ...part, value: null }] }, /no finite measured number/],
    [
      'another verdict than the list',
      { ...good, verdict: 'conditional' },
      /has the verdict "conditional"; claims.json says "holds"/,
    ],
    ['an unknown verdict', { ...good, verdict: 'maybe' }, /none of holds, conditional/],
    ['reading instead of measuring', { ...good, settled: 'read', parts: [] }, /read here; .* "settled": "measured"/],
    [
      'a failed assertion',
      { ...goodWith({ value: 1 }), verdict: 'failed' },
      /^failed: measured 1, demanded 0 within 1e-6$/,
    ],
  ])('is rejected with %s', (_, claim, message) => {
    expect(messages(claim).join('\n')).toMatch(message);
  });

  it('is rejected if the list lacks it, has it elsewhere or twice, or if it is missing', () => {
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

  it('that was read needs no number, and an open one need not be asserted', () => {
    const claim = { index: 1, id: 'D10', verdict: 'wrong', settled: 'read', parts: [] };
    const listed = { ...entry, verdict: 'wrong', settled: 'read' };
    expect(judgeClaims([claim], [listed], '002/a.ipynb')).toEqual([]);
    expect(judgeClaims([], [{ ...entry, settled: 'open' }], '002/a.ipynb')).toEqual([]);
    expect(judgeClaims([{ index: 1, ...good }], [{ ...entry, settled: 'open' }], '002/a.ipynb')[0].message).toBe(
      'is measured here; claims.json says "settled": "open"',
    );
  });

  it('is counted by its verdict, and by its method', () => {
    const claims = [{ verdict: 'holds' }, { verdict: 'wrong', settled: 'measured' }, { verdict: 'holds' }];
    expect(countClaims(claims)).toBe('2 holds, 1 wrong');
    expect(countClaims([...claims, { verdict: 'wrong', settled: 'read' }])).toBe(
      '2 holds, 2 wrong · 3 measured, 1 read',
    );
    expect(countClaims([{ verdict: 'wrong', settled: 'open' }])).toBe('1 wrong · 1 open');
    expect(countClaims(claims, { all: true })).toBe(
      '2 holds, 0 conditional, 1 wrong, 0 slip, 0 opinion, 0 failed · 3 measured, 0 read',
    );
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
    const open = { ...entry, id: 'D11', settled: 'open', notebook: '002/planned.ipynb' };
    expect(read([open]).problems).toEqual([]);
    const said = { ...entry, verdict: 'slip', said: 'Up is down.' };
    expect(read([said, { ...said, id: 'D11', said: null }]).problems).toEqual([]);
    for (const where of [null, { heading: 'Dropout', item: '3.1' }, { heading: 'Dropout', item: null }]) {
      expect(read([{ ...entry, where }]).problems, JSON.stringify(where)).toEqual([]);
    }
    expect(readClaimsList('/nowhere/claims.json')).toEqual({ entries: [], problems: [] });
  });

  it.each([
    ['text that is not JSON', '[{', /not JSON/],
    ['an object', {}, /must be an array/],
    ['no sentence', [{ ...entry, sentence: '' }], /D10: "sentence" must be a text/],
    ['a number instead of a notebook', [{ ...entry, notebook: 2 }], /D10: "notebook" must be a text/],
    ['another way of settling', [{ ...entry, settled: 'proved' }], /settled "proved" is none of measured, read, open$/],
    [
      'an unknown verdict',
      [{ ...entry, verdict: 'true' }],
      /verdict "true" is none of holds, conditional, wrong, slip, opinion$/,
    ],
    ['the verdict of a failure', [{ ...entry, verdict: 'failed' }], /verdict "failed" is none of/],
    ['an unknown key', [{ ...entry, url: 'x' }], /unknown key "url"/],
    ["a condition without the note's claim", [{ ...entry, verdict: 'conditional' }], /"said" must say in a sentence/],
    ["a number instead of the note's claim", [{ ...entry, said: 1 }], /"said" must say/],
    ["a note's claim without a full stop", [{ ...entry, verdict: 'wrong', said: 'Up' }], /"said" must say/],
    ['a place as one string', [{ ...entry, where: 'Dropout' }], /D10: "where" must be null or \{ heading, item \}/],
    ['a place without a heading', [{ ...entry, where: { item: '3' } }], /"where" must be/],
    ['a place without an item', [{ ...entry, where: { heading: 'Dropout' } }], /"where" must be/],
    ['an empty heading', [{ ...entry, where: { heading: '', item: '3' } }], /"where" must be/],
    ['a number instead of an item', [{ ...entry, where: { heading: 'Dropout', item: 3 } }], /"where" must be/],
    ['an item on two lines', [{ ...entry, where: { heading: 'Dropout', item: '3\n4' } }], /"where" must be/],
    ['a place with a page', [{ ...entry, where: { heading: 'Dropout', item: '3', page: 1 } }], /"where" must be/],
    ['a right part of a statement that holds', [{ ...entry, right: 'It is.' }], /"right" must say in a sentence/],
    ['an invalid id', [{ ...entry, id: 'd10' }], /an id is a capital letter/],
    ['two lines', [{ ...entry, sentence: 'a\nb' }], /one line/],
    [
      'a notebook that does not exist',
      [{ ...entry, notebook: '002/b.ipynb' }],
      /is measured, but there is no notebook 002\/b.ipynb/,
    ],
    ['a correction without a measurement', [{ ...entry, verdict: 'wrong', settled: 'read', said: 'Up.' }], /only read/],
    ['a duplicate id', [entry, entry], /D10: is listed twice/],
    ['null instead of an entry', [null], /entry 1: "id" must be a text/],
  ])('is rejected with %s', (_, content, message) => {
    expect(read(content).problems.join('\n')).toMatch(message);
  });
});
