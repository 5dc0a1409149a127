import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { MimeBundle } from '../../../src/display';
import { ClaimError } from '../../../src/errors';
import { aboutTheNote, type ClaimJson, claimMimeType } from '../../../src/lab/notebook';

const list = [
  {
    id: 'Z1',
    verdict: 'holds',
    settled: 'measured',
    sentence: 'The slope is σ(1 − σ).',
    where: { heading: 'Sigmoid', item: '1' },
  },
  {
    id: 'Z2',
    verdict: 'wrong',
    settled: 'measured',
    sentence: 'The mean is ½ & no less.',
    said: 'Says that the mean grows.',
    where: { heading: 'Sigmoid', item: '2 to 2.2' },
    right: 'A sigmoid is not centred.',
  },
  { id: 'Z3', verdict: 'opinion', settled: 'read', sentence: 'It is a matter of taste.', where: null },
].map((entry) => ({ ...entry, notebook: 'a.ipynb' }));

describe('aboutTheNote', () => {
  let folder: string;
  let shown: MimeBundle[];
  let how: object[];
  const scope = globalThis as { Jupyter?: unknown };
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'gradlab-about-'));
    mkdirSync(join(folder, 'notebooks'));
    writeFileSync(join(folder, 'notebooks', 'claims.json'), JSON.stringify(list));
    vi.spyOn(process, 'cwd').mockReturnValue(folder);
    shown = [];
    how = [];
    scope.Jupyter = {
      display: (bundle: MimeBundle, options: object) => {
        shown.push(bundle);
        how.push(options);
      },
    };
  });
  afterEach(() => {
    delete scope.Jupyter;
    vi.restoreAllMocks();
    rmSync(folder, { recursive: true, force: true });
  });
  const slope = () => ({ name: 'slope at 0', value: 0.25, expected: 0.25, tolerance: 1e-8 });
  const means = () => [
    { name: 'a = 1', value: 0.5, expected: 0.5, tolerance: 1e-6 },
    { name: 'a = 50', value: 0.5, expected: 0.5, tolerance: 1e-6 },
  ];
  const html = () => String(shown[0]!['text/html']);

  it('gives the same JSON as claims, in the order of the call, with the text about the note', () => {
    aboutTheNote({ Z2: means, Z3: 'read', Z1: slope });
    expect(shown).toHaveLength(1);
    const json = shown[0]![claimMimeType] as ClaimJson[];
    expect(json.map(({ id, verdict, settled, parts }) => [id, verdict, settled, parts.length])).toEqual([
      ['Z2', 'wrong', 'measured', 2],
      ['Z3', 'opinion', 'read', 0],
      ['Z1', 'holds', 'measured', 1],
    ]);
    const { statement, said, where, right } = json[0]!;
    expect({ statement, said, where, right }).toEqual({
      statement: 'The mean is ½ & no less.',
      said: 'Says that the mean grows.',
      where: { heading: 'Sigmoid', item: '2 to 2.2' },
      right: 'A sigmoid is not centred.',
    });
    expect('said' in json[2]!).toBe(false);
    expect('where' in json[1]!).toBe(false);
  });

  it('is one folded line, whose entries are found by their classes', () => {
    aboutTheNote({ Z1: slope, Z2: means, Z3: 'read' });
    expect(html()).toMatch(/^<details class="gradlab-about-the-note"><summary [^>]*>About the note · 3 statements</);
    const ids = [...html().matchAll(/<div class="gradlab-statement gradlab-statement-(\w+)"/g)].map(([, id]) => id);
    expect(ids).toEqual(['Z1', 'Z2', 'Z3']);
    expect(html()).not.toMatch(/ id="/);
    const second = html().split('<div ')[2]!;
    expect(second).toContain('✗ wrong as written');
    expect(second).toContain('<em>Corrected, and measured so:</em> <strong>The mean is ½ &amp; no less.</strong>');
    const rows = [...second.matchAll(/<dt>(.*?)<\/dt><dd>(.*?)<\/dd>/g)].map(([, name, text]) => `${name}: ${text}`);
    expect(rows.slice(0, 3)).toEqual([
      'the note: Says that the mean grows.',
      'where: Sigmoid · items 2 to 2.2',
      'right in it: A sigmoid is not centred.',
    ]);
    expect(rows[3]).toContain('<li>a = 50: <strong>0.5</strong> <span class="gradlab-passed">✓</span></li>');
    expect(rows[4]).toBe('red if: one of them is not 0.5, give or take 10⁻⁶');
    const third = html().split('<div ')[3]!;
    expect(third).toContain('○ opinion · read, not run');
    expect(third).not.toContain('<dl');
  });

  it('has the same content as text', () => {
    aboutTheNote({ Z1: slope, Z2: means });
    expect(String(shown[0]!['text/plain']).split('\n')).toEqual([
      'About the note · 2 statements',
      'Z1 holds · The slope is σ(1 − σ) · slope at 0: 0.25 (expected 0.25, off by 0, bound 1e-8)',
      '  where: Sigmoid · item 1',
      'Z2 is wrong as written · Corrected, and measured so: The mean is ½ & no less · ' +
        'a = 1: 0.5 (expected 0.5, off by 0, bound 1e-6) · a = 50: 0.5 (expected 0.5, off by 0, bound 1e-6)',
      '  the note: Says that the mean grows.',
      '  where: Sigmoid · items 2 to 2.2',
      '  right in it: A sigmoid is not centred.',
    ]);
  });

  it('opens the list at a broken bound, marks only its entry, and throws after it shows', () => {
    const broken = () => [{ name: 'slope at 0', value: 0.25, below: 0.2 }];
    expect(() => aboutTheNote({ Z1: broken, Z2: means })).toThrow(
      new ClaimError('claim Z1 failed: slope at 0: 0.25 (bound: below 0.2)'),
    );
    expect(html()).toMatch(/^<details class="gradlab-about-the-note" open>/);
    const [, first, second] = html().split('<div ');
    expect(first).toContain('gradlab-verdict-failed');
    expect(first).toContain('✗ failed');
    expect(first).toContain('<dt>red if</dt><dd>it is not below 0.2</dd>');
    expect(second).not.toContain('failed');
    expect((shown[0]![claimMimeType] as ClaimJson[]).map(({ verdict }) => verdict)).toEqual(['failed', 'wrong']);
  });

  it('rejects statements that the list does not settle this way, before it shows anything', () => {
    expect(() => aboutTheNote({})).toThrow('aboutTheNote: there is none');
    expect(() => aboutTheNote({ Z1: 'read' })).toThrow('claims.json says that it is measured, here it is read');
    expect(() => aboutTheNote({ Z1: slope, Z3: slope })).toThrow('says that it is read, here it is measured');
    expect(() => aboutTheNote({ Z9: slope })).toThrow('"Z9" is not in');
    expect(() => aboutTheNote({ Z1: () => ({ value: Number.NaN, below: 1 }) })).toThrow('claim Z1: value is NaN');
    expect(shown).toEqual([]);
  });

  it('marks numbers that differ from run to run', () => {
    aboutTheNote({ Z1: slope }, { volatile: true });
    expect(how).toEqual([{ raw: true, metadata: { gradlab: { volatile: true } } }]);
  });
});
