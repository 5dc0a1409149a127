import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { tensor, ValueError } from '../../../src';
import { exercise } from '../../../src/lab/notebook';
import { HandedIn } from '../../../src/lab/notebook/exercise';

const lines: unknown[] = [];
let folder: string;
beforeEach(() => {
  lines.length = 0;
  vi.spyOn(console, 'log').mockImplementation((line) => void lines.push(line));
  folder = mkdtempSync(join(tmpdir(), 'gradlab-exercise-'));
  vi.spyOn(process, 'cwd').mockReturnValue(folder);
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true, force: true });
});
const write = (source: string, file = '01-a.exercises.js') => writeFileSync(join(folder, file), source);
const said = (id: string, answer: unknown) => {
  lines.length = 0;
  exercise(id, answer);
  return lines;
};

const roundBowl = `module.exports = {
  'round-bowl': {
    isRight: (lr) => Math.abs(lr - 0.25) < 1e-9,
    praise: 'Both curvatures are 4.',
    mistakes: [[(lr) => lr === 0.5, 'That is the cliff.'], [(lr) => lr > 0.4, 'Too large.']],
    otherwise: 'One step is enough when 1 − ηλ = 0.',
    tried: { right: [0.25], wrong: [0.5, 0.45] },
  },
  double: {
    isRight: (f) => f(3) === 6,
    mistakes: [[(f) => f(3) === 9, 'That is the square.']],
    otherwise: 'Twice.',
    probe: [3],
    tried: { right: [(x) => 2 * x], wrong: [(x) => x * x] },
  },
};`;

describe('exercise', () => {
  it('praises a correct answer, and shows the first matching mistake, or the hint', () => {
    write(roundBowl);
    expect(said('round-bowl', 0.25)).toEqual(['✓ Right. Both curvatures are 4.']);
    expect(said('round-bowl', 0.5)).toEqual(['… Not yet. That is the cliff.']);
    expect(said('round-bowl', 0.45)).toEqual(['… Not yet. Too large.']);
    expect(said('round-bowl', 0.1)).toEqual(['… Not yet. One step is enough when 1 − ηλ = 0.']);
    expect(said('double', (x: number) => 2 * x)).toEqual(['✓ Right.']);
    expect(said('double', (x: number) => x * x)).toEqual(['… Not yet. That is the square.']);
  });

  it('is silent until an answer is entered', () => {
    write(roundBowl);
    for (const nothing of [undefined, null, Number.NaN, '', [], [Number.NaN, [undefined]], tensor([Number.NaN])]) {
      expect(said('round-bowl', nothing)).toEqual([]);
    }
    expect(said('double', () => undefined)).toEqual([]);
    expect(said('double', () => [])).toEqual([]);
    expect(said('round-bowl', 0)).toHaveLength(1);
    expect(said('round-bowl', false)).toHaveLength(1);
    expect(said('round-bowl', [Number.NaN, 1])).toHaveLength(1);
  });

  it('handles answers that throw', () => {
    write(roundBowl);
    const unfinished = () => {
      throw new Error('not written yet');
    };
    expect(said('double', unfinished)).toEqual(['… Not yet. Twice. (Error: not written yet)']);
    expect(said('double', 3)).toEqual(['… Not yet. Twice. (TypeError: f is not a function)']);
    // An expected mistake is reported, even if the probe, the check or another mistake's test throws.
    write(`module.exports = { rows: {
      isRight: (f) => f([2, 2])[0] === 0.5,
      mistakes: [[(f) => f([2, 2]).length === 9, 'Nine.'], [(f) => { try { f([2, 2]); } catch { return true; } return false; }, 'Keep the dimension.']],
      otherwise: 'Halves.', probe: [[2, 2]], tried: { right: [], wrong: [] } } };`);
    expect(said('rows', unfinished)).toEqual(['… Not yet. Keep the dimension.']);
    expect(said('rows', () => [1])).toEqual(['… Not yet. Halves.']);
  });

  it('suggests what to write to which file for an unknown exercise', () => {
    const message = (id: string) => {
      try {
        return String(exercise(id, 1));
      } catch (error) {
        return (error as Error).message;
      }
    };
    const file = join(folder, 'NOTEBOOK.exercises.js');
    const [where, ...text] = message('double').split('\n');
    expect(where).toBe(
      `exercise: no file beside this notebook ends in .exercises.js; write ${file}, any NOTEBOOK, with`,
    );
    writeFileSync(file, text.join('\n'));
    expect([...said('double', 1), ...said('double', 3)]).toEqual(['✓ Right.', '… Not yet. …']);
    const [add, ...entry] = message('triple').split('\n');
    expect(add).toBe(
      `exercise: "triple" is in none of the files .exercises.js beside this notebook, which have double; add to ${file}`,
    );
    writeFileSync(file, text.join('\n').replace('};', `${entry.join('\n')}\n};`));
    expect([...said('double', 1), ...said('triple', 2)]).toEqual(['✓ Right.', '… Not yet. …']);
  });

  it('stores an answer without available checks, for a teacher, and does not judge it', () => {
    write('module.exports = { n: { graded: true }, f: { graded: true, probe: [1] } };', 'a.graded.exercises.js');
    expect([...said('n', undefined), ...said('f', () => undefined)]).toEqual([]);
    const answers: [string, unknown][] = [
      ['n', 7],
      ['n', tensor([1, 2])],
      ['f', (x: number) => 2 * x],
    ];
    const given = answers.map(([id, answer]) => new HandedIn(id, answer).mimeBundle());
    expect(given.map((bundle) => bundle['application/vnd.gradlab.answer+json'])).toEqual([
      { id: 'n', answer: 7 },
      { id: 'n', answer: [1, 2] },
      { id: 'f', source: expect.stringMatching(/^\(x\) => 2 \* x$/) },
    ]);
    expect(given[0]!['text/plain']).toBe('✎ Handed in. Your teacher checks it later.');
    expect(said('n', 7)).toEqual(['✎ Handed in. Your teacher checks it later.']);
    // With the checks, it is judged like any other.
    write(
      "module.exports = { n: { graded: true, isRight: (n) => n === 7, mistakes: [], otherwise: 'No.', tried: { right: [7], wrong: [] } } };",
      'a.graded.exercises.js',
    );
    expect(said('n', 7)).toEqual(['✓ Right.']);
  });

  it('names a file that cannot be run', () => {
    write('module.exports = { double: {');
    const file = join(folder, '01-a.exercises.js');
    expect(() => exercise('double', 1)).toThrow(`exercise: ${file} cannot be run: Unexpected end of input`);
    expect(() => exercise('double', 1)).toThrow(ValueError);
  });

  it('runs the current file also in a folder of ES modules, with its requires', () => {
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
    writeFileSync(join(folder, 'seven.json'), '7');
    const judge = (right: string) => `module.exports = { n: { isRight: (n) => n === ${right},
      mistakes: [], otherwise: 'No.', tried: { right: [7], wrong: [1] } } };`;
    write(judge("require('./seven.json')"));
    expect([...said('n', 7), ...said('n', 8)]).toEqual(['✓ Right.', '… Not yet. No.']);
    write(judge('8'));
    expect([...said('n', 7), ...said('n', 8)]).toEqual(['… Not yet. No.', '✓ Right.']);
  });

  it('reads the current file, and reports what it lacks, with the nearest name', () => {
    write(roundBowl);
    expect(() => exercise('triple', 1)).toThrow('which have round-bowl, double; add to ');
    expect(() => exercise('round-bowll', 1)).toThrow(
      `which have round-bowl, double; did you mean "round-bowl"? If not, add to ${join(folder, '01-a.exercises.js')}`,
    );
    write(roundBowl.replace('isRight', 'isright'));
    expect(() => exercise('round-bowl', 1)).toThrow(
      /needs isRight, a function; did you mean isRight where it says isright\?$/,
    );
    write(`module.exports = { triple: { isRight: true, mistakes: 0, tried: { right: [] } } };`);
    expect(() => exercise('triple', 1)).toThrow(
      /"triple" in .* needs isRight, a function and mistakes, .* and otherwise, a text and tried, \{ right: /,
    );
  });
});
