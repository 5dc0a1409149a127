import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { displaySymbol, type MimeBundle } from '../../../src/display';
import { ClaimError } from '../../../src/errors';
import {
  type ClaimJson,
  ClaimTable,
  claim,
  claimMimeType,
  claims,
  findClaim,
  findRegistry,
  judge,
  type Measurement,
  read,
  readRegistry,
} from '../../../src/lab/notebook';

const project = join(__dirname, '..', '..', '..');
const lines: unknown[] = [];
beforeEach(() => {
  lines.length = 0;
  vi.spyOn(console, 'log').mockImplementation((line) => void lines.push(line));
});
afterEach(() => vi.restoreAllMocks());
const printed = () => lines as string[];
const tensor = (list: unknown, ...shape: number[]) => ({ shape, tolist: () => list });

describe('the list of claims', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'gradlab-claims-'));
    mkdirSync(join(folder, 'notebooks', '002-topic'), { recursive: true });
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const file = () => join(folder, 'notebooks', 'claims.json');
  const entry = { id: 'Z1', verdict: 'holds', settled: 'measured', sentence: 'Water is wet.', notebook: 'a.ipynb' };
  const write = (content: unknown) => writeFileSync(file(), JSON.stringify(content));

  it("is found from a notebook's folder, and in the package from anywhere else", () => {
    write([entry]);
    expect(findRegistry(join(folder, 'notebooks', '002-topic'))).toBe(file());
    expect(findRegistry(folder)).toBe(file());
    expect(findRegistry(tmpdir())).toBe(join(project, 'notebooks', 'claims.json'));
    vi.spyOn(process, 'cwd').mockReturnValue(join(folder, 'notebooks', '002-topic'));
    expect(findClaim('Z1').sentence).toBe('Water is wet.');
  });

  it('is beside the notebook or above; a statement missing in the nearest list is looked up in the next', () => {
    const own = join(folder, 'course', 'week-1');
    mkdirSync(own, { recursive: true });
    vi.spyOn(process, 'cwd').mockReturnValue(own);
    const put = (place: string, sentence: string, id = 'Z1') =>
      writeFileSync(join(place, 'claims.json'), JSON.stringify([{ ...entry, id, sentence }]));
    expect(findRegistry()).toBe(join(project, 'notebooks', 'claims.json'));
    write([entry]);
    expect(findClaim('Z1').sentence).toBe('Water is wet.');
    put(join(folder, 'course'), 'Above.');
    expect(findClaim('Z1').sentence).toBe('Above.');
    put(own, 'Beside.');
    expect(findClaim('Z1').sentence).toBe('Beside.');
    put(own, 'Another.', 'Z2');
    expect([findClaim('Z1').sentence, findClaim('Z2').sentence]).toEqual(['Above.', 'Another.']);
  });

  it('rejects an unknown claim, and lists the known ones and what to add where', () => {
    write([entry, { ...entry, id: 'Y1' }]);
    const added = (id: string) =>
      `  { "id": "${id}", "verdict": "holds", "settled": "measured", "sentence": "…", "notebook": "NOTEBOOK.ipynb" }`;
    const message = (id: string, from?: string) => {
      try {
        return String(findClaim(id, from));
      } catch (error) {
        return (error as Error).message;
      }
    };
    expect(message('Z2', file())).toBe(`claim: "Z2" is not in ${file()}, which has Z1; add\n${added('Z2')}`);
    expect(message('X1', file())).toBe(
      `claim: "X1" is not in ${file()}, which has none with this letter; add\n${added('X1')}`,
    );
    // The list of a parent folder is the notebook's own, that of another folder is not.
    const cwd = vi.spyOn(process, 'cwd').mockReturnValue(join(folder, 'notebooks', '002-topic'));
    expect(message('Z2')).toBe(`claim: "Z2" is not in ${file()}, which has Z1; add\n${added('Z2')}`);
    const own = join(folder, 'course');
    cwd.mockReturnValue(own);
    expect(message('Z2')).toBe(
      `claim: "Z2" is not in any claims.json of this notebook; write ${join(own, 'claims.json')} with\n[\n${added('Z2')}\n]`,
    );
    // The advice is to write a list.
    mkdirSync(own);
    writeFileSync(join(own, 'claims.json'), message('Z2').split(' with\n')[1]!);
    expect(findClaim('Z2')).toEqual({ ...entry, id: 'Z2', sentence: '…', notebook: 'NOTEBOOK.ipynb' });
  });

  it('rejects invalid lists', () => {
    writeFileSync(file(), '[{');
    expect(() => readRegistry(file())).toThrow(/cannot be read as JSON/);
    const cases: [unknown, RegExp][] = [
      [{}, /must hold an array/],
      [[{ ...entry, sentence: '' }], /entry 0 \(Z1\).*needs "sentence"/],
      [[{ ...entry, verdict: 'maybe' }], /verdict "maybe"; use holds, conditional, wrong, slip, opinion/],
      [[{ ...entry, said: 1 }], /Z1 in .*has a "said" that is not a string/],
      [[{ ...entry, right: 1 }], /Z1 in .*has a "right" that is not a string/],
      [[{ ...entry, where: 'Sigmoid' }], /Z1 in .*has a "where" that is neither null nor \{ heading, item \}/],
      [[{ ...entry, where: { heading: 'Sigmoid' } }], /Z1 in .*has a "where"/],
      [[{ ...entry, settled: undefined }], /needs "settled", a text/],
      [[{ ...entry, settled: 'proved' }], /settled "proved"; use measured, read, open/],
      [[entry, entry], /Z1 is twice/],
    ];
    for (const [content, message] of cases) {
      write(content);
      expect(() => readRegistry(file())).toThrow(ClaimError);
      expect(() => readRegistry(file())).toThrow(message);
    }
  });
});

describe('judge', () => {
  const text = (measurement: Measurement) => judge('claim X', measurement).text;
  const passes = (measurement: Measurement) => judge('claim X', measurement).passed;

  it('compares with an expected number', () => {
    expect(judge('claim X', { value: 2.0004, expected: 2, tolerance: 1e-3 })).toEqual({
      name: '',
      value: 2.0004,
      expected: 2,
      tolerance: 1e-3,
      bound: '0.001',
      measured: '2, off by 0.0004',
      demanded: '2, give or take 0.001',
      text: '2 (expected 2, off by 0.0004, bound 0.001)',
      passed: true,
    });
    expect(passes({ value: 2.0011, expected: 2, tolerance: 1e-3 })).toBe(false);
    expect(passes({ value: 1.9989, expected: 2, tolerance: 1e-3 })).toBe(false);
    expect(passes({ value: 2, expected: 2, tolerance: 0 })).toBe(true);
    expect(passes({ value: 2 + 1e-15, expected: 2, tolerance: 0 })).toBe(false);
  });

  it('scales the tolerance by the expected number if relative', () => {
    expect(passes({ value: 1000.5, expected: 1000, tolerance: 1e-3, relative: true })).toBe(true);
    expect(passes({ value: 1001.5, expected: 1000, tolerance: 1e-3, relative: true })).toBe(false);
    expect(passes({ value: 1000.5, expected: 1000, tolerance: 1e-3 })).toBe(false);
    expect(passes({ value: -1000.5, expected: -1000, tolerance: 1e-3, relative: true })).toBe(true);
    expect(passes({ value: 1e-30, expected: 0, tolerance: 1e-3, relative: true })).toBe(false);
  });

  it('accepts strict bounds from one or both sides', () => {
    expect(passes({ value: 0.9, below: 1 })).toBe(true);
    expect(passes({ value: 1, below: 1 })).toBe(false);
    expect(passes({ value: 1, above: 1 })).toBe(false);
    expect(passes({ value: 1.5, above: 1, below: 2 })).toBe(true);
    expect(passes({ value: 2.5, above: 1, below: 2 })).toBe(false);
    expect(passes({ value: 0.5, above: 1, below: 2 })).toBe(false);
    expect(text({ name: 'loss', value: 1.5, above: 1, below: 2 })).toBe('loss: 1.5 (bound: above 1 and below 2)');
  });

  it('shows the first of several that are equal up to rounding, on every machine the same', () => {
    const shown = (value: number[]) => text({ value, expected: [1, 2, 3], tolerance: 1e-9 });
    const roundings = [
      [1 + 2e-16, 2, 3],
      [1, 2, 3 + 4e-16],
      [1, 2 - 1e-15, 3],
    ].map(shown);
    for (const one of roundings) expect(one).toContain('furthest off of 3: 1 (expected 1, ');
    expect(shown([1 + 1e-15, 2, 3 + 1e-10])).toContain('furthest off of 3: 3 (expected 3, off by 1e-10');
  });

  it('reports the worst of several numbers', () => {
    const near = judge('claim X', { value: [1, 2.2, 2.9], expected: [1, 2, 3], tolerance: 0.15 });
    expect([near.value, near.expected, near.passed]).toEqual([2.2, 2, false]);
    expect(near.text).toBe('furthest off of 3: 2.2 (expected 2, off by 0.2, bound 0.15)');
    const small = judge('claim X', { value: Float64Array.of(1e-9, -3e-7), expected: 0, tolerance: 1e-6 });
    expect([small.value, small.passed]).toEqual([-3e-7, true]);
    expect(judge('claim X', { value: [5, 7, 6], below: 7.5 }).value).toBe(7);
    expect(judge('claim X', { value: [5, 7, 6], above: 4 }).value).toBe(5);
  });

  it('accepts tensors of any shape', () => {
    expect(passes({ value: tensor(3), expected: 3, tolerance: 0 })).toBe(true);
    const square = [
      [1, 2],
      [3, 4],
    ];
    expect(passes({ value: tensor(square, 2, 2), expected: square, tolerance: 0 })).toBe(true);
    expect(passes({ value: [tensor(1), tensor(2)], expected: [1, 3], tolerance: 0.5 })).toBe(false);
    expect(() => passes({ value: tensor(square, 2, 2), expected: [1, 2, 3, 4], tolerance: 0 })).toThrow(
      'claim X: value has shape [2, 2], expected has shape [4]',
    );
    expect(() => passes({ value: [[1], [1, 2], []], below: 9 })).toThrow('rows of equal length');
  });

  it('answers yes or no for boolean statements', () => {
    const so = judge('claim X', { name: 'refused', value: true, expected: true });
    expect(so).toMatchObject({ value: 1, expected: 1, tolerance: 0, passed: true, measured: 'yes', demanded: 'yes' });
    const not = judge('claim X', { value: [true, false, true], expected: [true, true, true] });
    expect(not).toMatchObject({ passed: false, measured: 'yes, no, yes', demanded: 'yes, yes, yes' });
    expect(() => judge('claim X', { value: [true], expected: [true, false] })).toThrow('shape');
    expect(() => judge('claim X', { value: true, expected: true, below: 1 })).toThrow('has no bound below or above');
  });

  it('rejects measurements without a bound', () => {
    const cases: [unknown, RegExp][] = [
      [true, /expected \{ value, expected, tolerance \}/],
      [
        { value: true, expected: true, tolerance: 0 },
        /value is true: a boolean cannot have a tolerance, below or above/,
      ],
      [{ value: [1, true], below: 3 }, /a boolean cannot have a tolerance, below or above/],
      [{ value: 1, expected: true, tolerance: 0 }, /expected is true/],
      [{ value: 1 }, /needs a bound/],
      [{ value: 1, expected: 1 }, /tolerance is undefined/],
      [{ value: 1, expected: 1, tolerance: -1 }, /must not be negative/],
      [{ value: 1, expected: 1, tolerance: Number.NaN }, /tolerance is NaN/],
      [{ value: Number.NaN, below: 1 }, /value is NaN: give a finite number/],
      [{ value: Number.POSITIVE_INFINITY, above: 1 }, /value is Infinity/],
      [{ value: 1, below: Number.POSITIVE_INFINITY }, /below is Infinity/],
      [{ value: [], below: 1 }, /empty/],
      [{ value: 1, below: 2, expected: 1, tolerance: 1 }, /either expected and tolerance/],
      [{ below: 1 }, /value is undefined/],
    ];
    for (const [measurement, message] of cases) {
      expect(() => judge('claim X', measurement as Measurement), String(message)).toThrow(message);
      expect(() => judge('claim X', measurement as Measurement)).toThrow(ClaimError);
    }
  });
});

describe('claim', () => {
  it('shows one line with verdict, sentence, number and bound', () => {
    claim('D10', () => ({ name: 'largest |cos| over 72 points', value: 3.1e-9, expected: 0, tolerance: 1e-6 }));
    const sentence = findClaim('D10').sentence.slice(0, -1);
    expect(printed()).toEqual([`D10 holds · ${sentence} · largest |cos| over 72 points: 3.1e-9 (bound 1e-6)`]);
  });

  it('keeps the format of its MIME bundle', () => {
    const parts = [
      judge('', { name: '|a*b|', value: 1, expected: 1, tolerance: 0.5 }),
      judge('', { value: 3, below: 4 }),
    ];
    const bundle = new ClaimTable([{ entry: findClaim('C03'), parts }])[displaySymbol]();
    expect(Object.keys(bundle)).toEqual([claimMimeType, 'text/html', 'text/plain']);
    const json = bundle[claimMimeType] as ClaimJson[];
    expect(json).toEqual([
      {
        id: 'C03',
        verdict: 'conditional',
        settled: 'measured',
        statement: findClaim('C03').sentence,
        said: findClaim('C03').said,
        parts,
      },
    ]);
    expect(JSON.parse(JSON.stringify(json))).toEqual(json);
    const html = String(bundle['text/html']);
    expect(html.match(/<details/g)).toHaveLength(1);
    const [line, behind] = html.split('</summary>') as [string, string];
    expect(line).toMatch(/background-color: #855900"><strong>C03<\/strong> ◐ conditional<\/span> [^<]*\.$/);
    expect(behind).toContain('<li>|a*b|: <strong>1</strong>, red unless 1, give or take 0.5</li>');
    expect(behind).toContain('<li><strong>3</strong>, red unless below 4</li>');
  });

  it('is readable on any page: white on a dark colour', () => {
    const luminance = (hex: string) => {
      const [r, g, b] = [1, 3, 5].map((i) => {
        const share = Number.parseInt(hex.slice(i, i + 2), 16) / 255;
        return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
      }) as [number, number, number];
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const parts = (broken: boolean) => [judge('', { value: broken ? 5 : 3, below: 4 })];
    const verdicts = ['holds', 'conditional', 'wrong', 'slip', 'opinion'] as const;
    const judged = [
      ...verdicts.map((verdict) => ({ entry: { ...findClaim('C03'), verdict }, parts: parts(false) })),
      { entry: findClaim('C03'), parts: parts(true) },
    ];
    for (const one of judged) {
      const html = String(new ClaimTable([one]).mimeBundle()['text/html']);
      const [, text, ground] = /color: (#\w{6}).*background-color: (#\w{6})/.exec(html) as string[];
      // As WCAG requires of small text.
      expect((luminance(text!) + 0.05) / (luminance(ground!) + 0.05), one.entry.verdict).toBeGreaterThan(4.5);
    }
  });

  const html = (entry: object, parts: ReturnType<typeof judge>[] = []) =>
    String(
      new ClaimTable([{ entry: { ...findClaim('D10'), said: undefined, ...entry } as never, parts }]).mimeBundle()[
        'text/html'
      ],
    );

  it('escapes HTML in text, and leaves formulas to the page', () => {
    const shown = html({ sentence: 'It has $a_1 * |x|$ and <b>.', said: 'Say <i>.' }, [
      judge('', { name: '<u>', value: 0, below: 1 }),
    ]);
    expect(shown).toContain('It has $a_1 * |x|$ and &lt;b&gt;.</summary>');
    expect(shown).toContain('<em>In the note:</em> Say &lt;i&gt;.</p>');
    expect(shown).toContain('<li>&lt;u&gt;: <strong>0</strong>, red unless below 1</li>');
  });

  it('is only a line if it was read and has nothing to unfold', () => {
    const line = html({ verdict: 'slip', sentence: 'Spelled with an s.' });
    expect(line).toMatch(
      /^<div><p [^>]*><span [^>]*><strong>D10<\/strong> ✎ slip · read, not run<\/span> <em>Corrected:<\/em> Spelled with an s\.<\/p><\/div>$/,
    );
    expect(html({ verdict: 'slip', said: 'Spelled with a t.' })).toMatch(
      /<details [^>]*><summary.*In the note:<\/em> Spelled with a t\./,
    );
  });

  it('says that the sentence is the correction, and was measured, if the note is wrong', () => {
    const measured = (verdict: string) => html({ verdict }, [judge('', { value: 0, below: 1 })]);
    for (const verdict of ['wrong', 'slip'])
      expect(measured(verdict)).toContain(`<em>Corrected, and measured so:</em> ${findClaim('D10').sentence}`);
    expect(measured('holds')).not.toContain('Corrected');
  });

  it('formats numbers and bounds in words', () => {
    const shown = (measurement: Measurement) => {
      const { measured, demanded } = judge('', measurement);
      return [measured, demanded];
    };
    const loss = { value: 62507.61863736843, expected: 62507.61863736849, tolerance: 1e-9, relative: true };
    expect(shown(loss)).toEqual(['62508', '62508, give or take 10⁻⁹ of it']);
    expect(shown({ value: 0.08578643, expected: 0.0857864, tolerance: 1e-6 })).toEqual([
      '0.08579, off by 3·10⁻⁸',
      '0.08579, give or take 10⁻⁶',
    ]);
    expect(shown({ value: 103, expected: 100, tolerance: 0.05, relative: true })).toEqual([
      '103, off by 3 %',
      '100, give or take 5 %',
    ]);
    expect(shown({ value: -3.1e-9, expected: 0, tolerance: 1e-6 })).toEqual(['−3.1·10⁻⁹', '0 within 10⁻⁶']);
    expect(shown({ value: 62508, below: 70000 })).toEqual(['62508', 'below 70000']);
    expect(shown({ value: 0.94299999, below: 0.943 })).toEqual(['0.94299999', 'below 0.943']);
    expect(shown({ value: 1.5, above: 1, below: 2 })).toEqual(['1.5', 'above 1, below 2']);
    expect(shown({ value: 40000, expected: 40000, tolerance: 0 })).toEqual(['40000', 'exactly 40000']);
    expect(shown({ value: [40, 40000], expected: [40, 40000], tolerance: 0 })).toEqual(['40, 40000', 'exactly these']);
    expect(shown({ value: [1, 1, 1, 1], expected: 1, tolerance: 0 })).toEqual(['1, all 4', 'exactly 1']);
    const order = Array.from({ length: 500 }, (_, i) => i / 4);
    expect(shown({ value: order, expected: order, tolerance: 0 })).toEqual(['0, 0.25, …, 124.75', 'exactly these']);
    expect(shown({ value: [1, 2], expected: [1, 3], tolerance: 0 })).toEqual([
      '2 numbers, one of them 2',
      'each exactly what is expected',
    ]);
    expect(shown({ value: [1, 2.007], expected: [1, 2], tolerance: 0.05 })).toEqual([
      '2 numbers, the furthest off by 0.007',
      'each what is expected, give or take 0.05',
    ]);
    expect(shown({ value: [0.1, 1 - 1e-15], expected: [0.1, 1], tolerance: 1e-9 })[0]).toBe(
      '2 numbers, right but for rounding',
    );
    expect(shown({ value: [3, 5, 4], above: 1 })).toEqual(['3 numbers from 3 to 5', 'each above 1']);
    expect(judge('', { name: 'loss', value: [3, 5], above: 1 })).toMatchObject({
      name: 'loss',
      text: 'loss, smallest of 2: 3 (bound: above 1)',
    });
  });

  it('shows a broken bound as failed, then throws', () => {
    const broken = () => [
      { name: 'first', value: 1, below: 2 },
      { name: 'second', value: 0.5, expected: 0, tolerance: 0.1 },
    ];
    expect(() => claim('D10', broken)).toThrow(new ClaimError('claim D10 failed: second: 0.5 (bound 0.1)'));
    expect(printed()).toHaveLength(1);
    expect(printed()[0]).toMatch(/^D10 failed · .* · first: 1 \(bound: below 2\) · ✗ second: 0\.5 \(bound 0\.1\)$/);
    const parts = broken().map((part) => judge('', part as Measurement));
    const table = new ClaimTable([{ entry: findClaim('D10'), parts }]);
    expect(table.toJSON()[0]).toMatchObject({ verdict: 'failed', parts: [{ passed: true }, { passed: false }] });
    const opened = String(table.mimeBundle()['text/html']);
    expect(opened).toMatch(/<details [^>]* open>/);
    expect(opened).toContain('<li>✗ second: <strong>0.5</strong>, where it had to be 0 within 0.1</li>');
  });

  it('names the invalid measurement, and shows nothing', () => {
    expect(() =>
      claim('D10', () => [
        { value: 1, below: 2 },
        { value: Number.NaN, below: 2 },
      ]),
    ).toThrow('claim D10, part 2: value is NaN');
    expect(() => claim('D10', () => [])).toThrow('nothing was measured');
    expect(() => claim('Q99', () => ({ value: 1, below: 2 }))).toThrow('"Q99" is not in');
    expect(printed()).toEqual([]);
  });

  it('fails if any bound of a passing claim is broken', () => {
    const sound: Measurement[] = [
      { value: 5, expected: 5, tolerance: 0.1 },
      { value: 5, below: 6 },
      { value: 5, above: 4 },
    ];
    expect(() => claim('D10', () => sound)).not.toThrow();
    const breaks = [{ expected: 5.2 }, { below: 5 }, { above: 5 }];
    breaks.forEach((change, i) => {
      const parts = sound.map((part, k) => (k === i ? { ...part, ...change } : part) as Measurement);
      expect(() => claim('D10', () => parts)).toThrow(ClaimError);
    });
  });
});

describe('claims', () => {
  const question = {
    question: 'How much?',
    answers: ['One', 'Two', 'Three'].map((text, i) => ({ text, remark: 'So.', ...(i === 1 && { right: true }) })),
  };
  let folder: string;
  const entry = (id: string, settled: string, verdict = 'holds') => ({
    id,
    verdict,
    settled,
    sentence: `Sentence of ${id}.`,
    notebook: 'a.ipynb',
  });
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'gradlab-claims-'));
    mkdirSync(join(folder, 'notebooks'));
    const list = [entry('Z1', 'measured'), entry('Z2', 'read', 'wrong'), entry('Z3', 'open'), entry('Z4', 'measured')];
    writeFileSync(join(folder, 'notebooks', 'claims.json'), JSON.stringify(list));
    vi.spyOn(process, 'cwd').mockReturnValue(folder);
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('show one table, and another for those that were read', () => {
    claims({ Z1: () => ({ value: 3, below: 4 }), Z4: () => ({ value: 2, below: 4 }) });
    read('Z2');
    expect(printed()).toEqual([
      'Z1 holds · Sentence of Z1 · 3 (bound: below 4)\nZ4 holds · Sentence of Z4 · 2 (bound: below 4)',
      'Z2 is wrong as written (read, not run) · Corrected: Sentence of Z2',
    ]);
  });

  it('that are open may be tried either way; others only as the list says', () => {
    read('Z3');
    claim('Z3', () => ({ value: 3, below: 4 }));
    lines.length = 0;
    expect(() => read('Z1')).toThrow('claims.json says that it is measured, here it is read');
    expect(() => claim('Z2', () => ({ value: 3, below: 4 }))).toThrow('says that it is read, here it is measured');
    expect(() => claims({})).toThrow('there is none');
    expect(() => read()).toThrow('give the id');
    expect(printed()).toEqual([]);
  });

  it('that differ from run to run say so', () => {
    const shown: object[] = [];
    const scope = globalThis as { Jupyter?: unknown };
    scope.Jupyter = { display: (_: object, options: object) => void shown.push(options) };
    claim('Z1', () => ({ value: 3, below: 4 }), { volatile: true });
    claim('Z1', () => ({ value: 3, below: 4 }));
    delete scope.Jupyter;
    expect(shown).toEqual([{ raw: true, metadata: { gradlab: { volatile: true } } }, { raw: true }]);
  });

  it('that would reveal an answer name its question in their class; failures are shown immediately', () => {
    writeFileSync(join(folder, 'a.predictions.json'), JSON.stringify({ rate: question }));
    const shown: MimeBundle[] = [];
    const scope = globalThis as { Jupyter?: unknown };
    scope.Jupyter = { display: (bundle: MimeBundle) => void shown.push(bundle) };
    const within = (below: number) => ({ Z1: () => ({ value: 3, below }) });
    claims(within(4), { after: 'rate' });
    expect(() => claims(within(2), { after: 'rate' })).toThrow('claim Z1 failed');
    expect(() => claims(within(4), { after: 'mass' })).toThrow('claims: "mass" is in none of the files');
    delete scope.Jupyter;
    expect(shown.map((bundle) => String(bundle['text/html']).split('>')[0])).toEqual([
      '<div class="gradlab-after-rate"',
      '<div',
    ]);
  });

  it('are all measured and shown before a broken one ends the cell', () => {
    const broken = { Z1: () => ({ value: 5, below: 4 }), Z4: () => ({ value: 3, below: 4 }) };
    expect(() => claims(broken)).toThrow(new ClaimError('claim Z1 failed: 5 (bound: below 4)'));
    expect(printed()[0]).toMatch(/^Z1 failed · .*\nZ4 holds · /);
  });
});
