// Marks: as written by an author, and as links in the notebook.
import { describe, expect, it } from 'vitest';
import { addressOf } from '../../tools/notebooks/cell-addresses.mjs';
import { asWritten, listedIn, markProblems, withMarks } from '../../tools/notebooks/marks.mjs';
import { fromText, toText } from '../../tools/notebooks/notebook-text.mjs';

const path = '004-neural-networks/03-activation-functions.ipynb';
const prefix = addressOf(path, '').split('#cell-id=')[1]!;
const list = `// Measures what the note says
aboutTheNote({
  E045: () => means(),
  E046: "read", "E048": quarter,
  E049() { return slopes(); },
});`;
const text = `<!-- #title -->
# Activation functions

Its mean is one half. [E045] Each one multiplies by a quarter at most [E048].

- In code \`x[E045]\`, in a formula $A[E46]$, a [link](a.md), [E045](b.md), and [E12] stay.

\`\`\`\`ts
x = y[E045];
\`\`\`\`

\`\`\`ts #sigmoid-note folded
${list}
\`\`\`
`;

describe('marks', () => {
  const made = fromText(text, undefined, path);
  const [title] = made.cells;

  it('link to the cell that lists the statement, with its id as their title', () => {
    expect(title.source).toContain(
      `one half. [·](#cell-id=${prefix}sigmoid-note "E045") Each one multiplies by a quarter at most [·](#cell-id=${prefix}sigmoid-note "E048").`,
    );
    expect(prefix).not.toBe('');
  });

  it('leave code, formulas, links and unlisted ids unchanged', () => {
    expect(title.source).toContain(
      'code `x[E045]`, in a formula $A[E46]$, a [link](a.md), [E045](b.md), and [E12] stay.',
    );
    expect(title.source).toContain('x = y[E045];');
  });

  it('survive the round trip to text', () => {
    expect(toText(made)).toBe(text);
    expect(asWritten(title.source)).toBe(text.split('-->\n')[1]!.split('\n\n```ts #')[0]);
  });

  it('follow their cell', () => {
    const moved = { ...made, cells: made.cells.map((cell: { id: string }) => ({ ...cell, id: `new-${cell.id}` })) };
    expect(markProblems(moved, path).map(([, message]: [object, string]) => message)).toContain(
      'has the mark [E12], which no cell of the notebook lists in aboutTheNote',
    );
    expect(withMarks(moved, path).cells[0].source).toContain(`(#cell-id=${prefix}new-sigmoid-note "E045")`);
    const sound = fromText(text.replace(', and [E12] stay', ''), undefined, path);
    expect(markProblems(sound, path)).toEqual([]);
    expect(
      markProblems(sound, '002-gradient-descent/01-in-3d.ipynb').map(([, message]: [object, string]) => message),
    ).toEqual(['has marks that lead elsewhere: npm run pages']);
  });

  it('take the statements of a list from its keys', () => {
    expect(listedIn({ cell_type: 'code', source: list })).toEqual(['E045', 'E046', 'E048', 'E049']);
    expect(listedIn({ cell_type: 'code', source: 'claims({ E045: () => 1 })' })).toEqual([]);
  });
});
