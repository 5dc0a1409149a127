import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ValueError } from '../../src/errors';
import { findPrediction, PredictionCard, predict } from '../../src/notebook';

const lines: unknown[] = [];
let folder: string;
beforeEach(() => {
  lines.length = 0;
  vi.spyOn(console, 'log').mockImplementation((line) => void lines.push(line));
  folder = mkdtempSync(join(tmpdir(), 'gradlab-predict-'));
  vi.spyOn(process, 'cwd').mockReturnValue(folder);
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true, force: true });
});
const write = (content: unknown, file = '01-a.predictions.json') =>
  writeFileSync(join(folder, file), typeof content === 'string' ? content : JSON.stringify(content));

const downhill = {
  question: 'Does $a < b$ hold for `x < y` and *all* <b>?',
  answers: [
    { text: 'Yes', remark: 'Only if the bowl is round.' },
    { text: 'From four places', remark: 'Its axes.', right: true },
    { text: 'No', remark: 'Try 0°.' },
  ],
};

describe('predict', () => {
  it('shows question and answers, and no remark, in a terminal', () => {
    write({ downhill });
    predict('downhill');
    expect(lines).toEqual([
      'Predict. Does $a < b$ hold for `x < y` and *all* <b>?\n  a) Yes\n  b) From four places\n  c) No\n' +
        'For the answer to a, for example: predict("downhill", "a")',
    ]);
  });

  it('opens the remark of one answer', () => {
    write({ downhill });
    predict('downhill', 'b');
    predict('downhill', 'c');
    expect(String(lines[0])).toMatch(/c\) No\nb: ✓ Right\. Its axes\.$/);
    expect(String(lines[1])).toMatch(/\nc: ✗ Not so\. Try 0°\.$/);
    expect(() => predict('downhill', 'd' as 'a')).toThrow('the answers are "a", "b" and "c", not "d"');
  });

  it('is HTML that folds each remark, without scripts, classes or ids, which pages that do not trust it drop', () => {
    const html = String(new PredictionCard('downhill', downhill).mimeBundle()['text/html']);
    const folded = [...html.matchAll(/<details[^>]*><summary[^>]*>(.*?)<\/summary>(.*?)<\/details>/g)];
    expect(folded.map(([, text]) => text)).toEqual(['Yes', 'From four places', 'No']);
    expect(folded.map(([, , remark]) => remark!.replace(/<[^>]*>/g, ''))).toEqual([
      '✗ Not so. Only if the bowl is round.',
      '✓ Right. Its axes.',
      '✗ Not so. Try 0°.',
    ]);
    const outside = html.replace(/<\/summary>.*?<\/details>/g, '').replace(/<[^>]*>/g, ' ');
    for (const { remark } of downhill.answers) expect(outside).not.toContain(remark);
    expect(html).toContain('Does $a &lt; b$ hold for <code>x &lt; y</code> and <em>all</em> &lt;b&gt;?');
    expect(new Set([...html.matchAll(/<(\w+)/g)].map(([, tag]) => tag))).toEqual(
      new Set(['div', 'p', 'strong', 'code', 'em', 'details', 'summary', 'span']),
    );
    expect(new Set([...html.matchAll(/ (\w+)="/g)].map(([, name]) => name))).toEqual(new Set(['style']));
    expect(html).not.toContain('<details open');
    const opened = String(new PredictionCard('downhill', downhill, 'c').mimeBundle()['text/html']);
    expect(opened.split('<details').map((part) => part.startsWith(' open'))).toEqual([false, false, false, true]);
  });

  it('is found in any of the files beside the notebook, and says where it is not', () => {
    expect(() => predict('x')).toThrow('no file beside this notebook ends in .predictions.json');
    write({ downhill });
    write({ other: downhill }, '02-b.predictions.json');
    expect(findPrediction('other', folder).question).toBe(downhill.question);
    expect(() => predict('x')).toThrow('which have downhill, other');
    write({ downhill }, '02-b.predictions.json');
    expect(() => predict('downhill')).toThrow(/"downhill" is in .*01-a.* and in .*02-b/);
    expect(() => predict('toString')).toThrow(ValueError);
  });

  it('is refused where something is missing', () => {
    const [a, b, c] = downhill.answers;
    const cases: [unknown, RegExp][] = [
      ['{', /cannot be read as JSON/],
      [{ x: null }, /"x" in .* needs a "question"/],
      [{ x: { ...downhill, question: ' ' } }, /needs a "question"/],
      [{ x: { ...downhill, answers: [a, b] } }, /a list of three/],
      [{ x: { ...downhill, answers: [a, b, c, a] } }, /a list of three/],
      [{ x: { ...downhill, answers: [a, b, { text: 'No' }] } }, /a "remark" in answer c/],
      [{ x: { ...downhill, answers: [a, c, c] } }, /no answer with "right": true/],
    ];
    for (const [content, message] of cases) {
      write(content);
      expect(() => predict('x'), String(message)).toThrow(message);
    }
    expect(lines).toEqual([]);
  });
});
