import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ValueError } from '../../../src/errors';
import { findPrediction, lessonMimeType, type Prediction, PredictionCard, predict } from '../../../src/lab/notebook';

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
  question: 'Does $a < b$ hold for `x < y` and *all* **big** <b>?',
  answers: [
    { text: 'Yes', remark: 'Only if the bowl is round.' },
    { text: 'From four places', remark: 'Its axes.', right: true },
    { text: 'No', remark: 'Try 0°.' },
  ],
};
/** The texts of answers in display order. */
const shownOf = (id: string, prediction: Prediction) =>
  (new PredictionCard(id, prediction).mimeBundle()[lessonMimeType] as { answers: { text: string }[] }).answers.map(
    ({ text }) => text,
  );
const order = shownOf('downhill', downhill);
const letterOf = (text: string) => 'abc'[order.indexOf(text)] as 'a' | 'b' | 'c';

describe('predict', () => {
  it('shows question and answers, and no remark, in a terminal', () => {
    write({ downhill });
    predict('downhill');
    expect(lines).toEqual([
      `Predict. Does $a < b$ hold for \`x < y\` and *all* **big** <b>?\n  a) ${order[0]}\n  b) ${order[1]}\n  c) ${order[2]}\n` +
        'For the answer to a, for example: predict("downhill", "a")',
    ]);
  });

  it('opens the remark of one answer', () => {
    write({ downhill });
    const [right, no] = ['From four places', 'No'].map(letterOf);
    predict('downhill', right);
    predict('downhill', no);
    expect(String(lines[0])).toMatch(new RegExp(`\\n${right}: ✓ Right\\. Its axes\\.$`));
    expect(String(lines[1])).toMatch(new RegExp(`\\n${no}: ✗ Not so\\. Try 0°\\.$`));
    expect(() => predict('downhill', 'd' as 'a')).toThrow('the answers are "a", "b" and "c", not "d"');
  });

  it('states under what condition an answer would be correct', () => {
    const [a, b, c] = downhill.answers;
    const round = { ...downhill, answers: [{ ...a!, if: 'the bowl were *round*' }, b!, c!] };
    write({ downhill: round });
    predict('downhill', letterOf('Yes'));
    expect(String(lines[0])).toMatch(/[abc]: ◐ Right if the bowl were \*round\*\. Only if/);
    const html = String(new PredictionCard('downhill', round).mimeBundle()['text/html']);
    expect(html).toContain('◐ Right if the bowl were <em>round</em>.</span> Only if the bowl is round.');
    expect(html.match(/#855900/g)).toHaveLength(1);
  });

  it('is HTML that folds each remark, without scripts, classes or ids, which untrusted pages drop', () => {
    const html = String(new PredictionCard('downhill', downhill).mimeBundle()['text/html']);
    const folded = [...html.matchAll(/<details[^>]*><summary[^>]*>(.*?)<\/summary>(.*?)<\/details>/g)];
    expect(folded.map(([, text]) => text)).toEqual(order);
    const remarks = {
      Yes: '✗ Not so. Only if the bowl is round.',
      'From four places': '✓ Right. Its axes.',
      No: '✗ Not so. Try 0°.',
    };
    expect(folded.map(([, text, remark]) => [text, remark!.replace(/<[^>]*>/g, '')])).toEqual(
      order.map((text) => [text, remarks[text as keyof typeof remarks]]),
    );
    const outside = html.replace(/<\/summary>.*?<\/details>/g, '').replace(/<[^>]*>/g, ' ');
    for (const { remark } of downhill.answers) expect(outside).not.toContain(remark);
    expect(html).toContain(
      'Does $a &lt; b$ hold for <code>x &lt; y</code> and <em>all</em> <strong>big</strong> &lt;b&gt;?',
    );
    expect(new Set([...html.matchAll(/<(\w+)/g)].map(([, tag]) => tag))).toEqual(
      new Set(['div', 'p', 'strong', 'code', 'em', 'details', 'summary', 'span']),
    );
    expect(new Set([...html.matchAll(/ (\w+)="/g)].map(([, name]) => name))).toEqual(new Set(['style']));
    expect(html).not.toContain('<details open');
    const opened = String(new PredictionCard('downhill', downhill, 'c').mimeBundle()['text/html']);
    expect(opened.split('<details').map((part) => part.startsWith(' open'))).toEqual([false, false, false, true]);
  });

  it('passes question, answers, verdicts and remarks to the renderer as texts', () => {
    const [yes, four, no] = downhill.answers;
    const answers = [{ ...yes!, if: 'it were round' }, four!, no!];
    const bundle = new PredictionCard('downhill', { ...downhill, answers }, 'a').mimeBundle();
    const lesson = bundle[lessonMimeType] as { answers: { text: string }[] };
    expect(lesson).toMatchObject({ version: 1, id: 'downhill', question: downhill.question, choice: order[0] });
    expect(new Map(lesson.answers.map((answer) => [answer.text, answer]))).toEqual(
      new Map([
        ['Yes', { text: 'Yes', verdict: 'if', said: '◐ Right if it were round.', remark: yes!.remark }],
        [four!.text, { text: four!.text, verdict: 'right', said: '✓ Right.', remark: 'Its axes.' }],
        ['No', { text: 'No', verdict: 'wrong', said: '✗ Not so.', remark: 'Try 0°.' }],
      ]),
    );
  });

  it('shows answers in an order that depends only on the id, the correct one a third of the time in each position', () => {
    const [a, b, c] = downhill.answers;
    const ids = Array.from({ length: 3000 }, (_, i) => `question-${i}`);
    const orders = ids.map((id) => shownOf(id, downhill));
    // The position in the file does not affect the displayed position.
    expect(ids.map((id) => shownOf(id, { ...downhill, answers: [b!, a!, c!] }).indexOf(b!.text))).toEqual(
      orders.map((texts) => texts.indexOf(b!.text)),
    );
    const counts = new Map<string, number>();
    for (const texts of orders) counts.set(texts.join(), (counts.get(texts.join()) ?? 0) + 1);
    // Six orders, of which each is expected 500 times, with a standard deviation of 20.
    expect(counts.size).toBe(6);
    for (const count of counts.values()) expect(Math.abs(count - 500)).toBeLessThan(100);
  });

  it('is found in any of the files beside the notebook, and names them if it is missing', () => {
    write({ downhill });
    write({ other: downhill }, '02-b.predictions.json');
    expect(findPrediction('other', folder).question).toBe(downhill.question);
    expect(() => predict('x')).toThrow('which have downhill, other');
    write({ downhill }, '02-b.predictions.json');
    expect(() => predict('downhill')).toThrow(/"downhill" is in .*01-a.* and in .*02-b/);
    expect(() => predict('toString')).toThrow(ValueError);
  });

  it('suggests what to write to which file for an unknown question', () => {
    const message = (id: string) => {
      try {
        return String(predict(id));
      } catch (error) {
        return (error as Error).message;
      }
    };
    const file = join(folder, 'NOTEBOOK.predictions.json');
    const [where, ...text] = message('x').split('\n');
    expect(where).toBe(
      `predict: no file beside this notebook ends in .predictions.json; write ${file}, any NOTEBOOK, with`,
    );
    writeFileSync(
      file,
      text.join('\n').replace(/"text": "…"/g, () => `"text": "${Math.random()}"`),
    );
    expect(findPrediction('x').answers.map(({ right }) => right)).toEqual([true, undefined, undefined]);
    const [add, ...entry] = message('later').split('\n');
    expect(add).toBe(
      `predict: "later" is in none of the files .predictions.json beside this notebook, which have x; add to ${file}`,
    );
    expect(Object.keys(JSON.parse(`{${entry.join('\n')}}`))).toEqual(['later']);
  });

  it('is rejected if something is missing', () => {
    const [a, b, c] = downhill.answers;
    const cases: [unknown, RegExp][] = [
      ['{', /cannot be read as JSON/],
      [{ x: null }, /"x" in .* needs a "question"/],
      [{ x: { ...downhill, question: ' ' } }, /needs a "question"/],
      [{ x: { ...downhill, answers: [a, b] } }, /a list of three/],
      [{ x: { ...downhill, answers: [a, b, c, a] } }, /a list of three/],
      [{ x: { ...downhill, answers: [a, b, { ...c, text: 'Yes' }] } }, /the same "text" twice, in answer c/],
      [{ x: { ...downhill, before: 7 } }, /a "before" that is not a string/],
      [{ x: { ...downhill, answers: [a, b, { text: 'No' }] } }, /a "remark" in answer c/],
      [{ x: { ...downhill, answers: [a, { ...b, right: false }, c] } }, /no answer with "right": true/],
      [{ x: { ...downhill, answers: [a, { ...b, if: 'it were round' }, c] } }, /an "if" in answer b/],
      [{ x: { ...downhill, answers: [{ ...a, if: ' ' }, b, c] } }, /an "if" in answer a that is not a string/],
      [
        { x: { ...downhill, answers: undefined, anwsers: [a, b, c] } },
        /three; did you mean answers where it says anwsers\?/,
      ],
      [{ x: { ...downhill, answers: [a, { ...b, right: undefined, rigt: true }, c] } }, /did you mean right where it/],
      [{ x: { ...downhill, answers: [a, b, { text: 'No', remarks: 'x' }] } }, /in answer c; did you mean remark where/],
    ];
    for (const [content, message] of cases) {
      write(content);
      expect(() => predict('x'), String(message)).toThrow(message);
    }
    expect(lines).toEqual([]);
  });
});
