import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allNotebooks, mostInPart, notebooksInPart, partFor } from '../support/part';

const hash = fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: 40, maxLength: 40 });
const fortyFive = Array.from({ length: 45 }, (_, i) => `note/${String(i).padStart(2, '0')}.ipynb`);

describe('the part of the notebooks that a commit also runs under stock tslab and in JupyterLab', () => {
  it('is never more than the budget, never empty, and the same for the same hash', () => {
    fc.assert(
      fc.property(hash, fc.integer({ min: 1, max: 100 }), fc.integer({ min: 1, max: 8 }), (commit, count, most) => {
        const names = Array.from({ length: count }, (_, i) => `${i}.ipynb`);
        const part = partFor(commit, names, most);
        expect(part.length).toBeGreaterThan(0);
        expect(part.length).toBeLessThanOrEqual(most);
        expect(partFor(commit, names, most)).toEqual(part);
      }),
    );
  });

  it('covers every notebook over the commits, none in two parts', () => {
    const parts = new Map<string, string[]>();
    for (let i = 0; i < 200; i++) {
      const part = partFor(Math.imul(i, 2654435761).toString(16).replace('-', '').padStart(8, '0'), fortyFive);
      parts.set(part.join(), part);
    }
    expect(parts.size).toBe(Math.ceil(45 / mostInPart));
    expect([...parts.values()].flat().sort()).toEqual(fortyFive);
  });

  it('is all that there are while they are few', () => {
    expect(partFor('f'.repeat(40), fortyFive.slice(0, mostInPart))).toEqual(fortyFive.slice(0, mostInPart));
  });

  it('is all with --all, the part of the commit in CI, and none otherwise', () => {
    expect(allNotebooks.length).toBeGreaterThan(0);
    expect(notebooksInPart({ CI: 'true', GRADLAB_ALL: '1' }, fortyFive)).toEqual(fortyFive);
    expect(notebooksInPart({}, fortyFive)).toEqual([]);
    const inCi = notebooksInPart({ CI: 'true' }, fortyFive);
    expect(inCi.length).toBeGreaterThanOrEqual(mostInPart - 1);
    expect(inCi.length).toBeLessThanOrEqual(mostInPart);
  });
});
