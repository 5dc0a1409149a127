// A small chapter for tests: marks, and lists of statements with the results of a run. Its last statement fails.
import { judge, type Measurement, StatementList } from '../../src/lab/notebook';
import { fromText } from '../../tools/notebooks/notebook-text.mjs';

export const chapterPath = '004-neural-networks/03-activation-functions.ipynb';

const filler = (lines: number) => Array.from({ length: lines }, (_, i) => `Some more about it, ${i + 1}.`).join('\n\n');

/** @param sources of the two lists, such as one that runs */
export const chapterText = (
  sources: readonly string[] = [
    'aboutTheNote({ E043: slope, E045: means, E048: quarter });',
    'aboutTheNote({ E054: cross });',
  ],
) => `<!-- #title -->
# Activation functions

What each of them does to the gradient.

<!-- #sigmoid -->
## Sigmoid

Its slope is σ(1 − σ). [E043] Its outputs lie around ½, not around zero. [E045] Each one multiplies the gradient that goes
back through it by a quarter at most, and each layer multiplies it by its weights as well. [E048]

${filler(12)}

\`\`\`ts #sigmoid-note folded
// Measures what the note says
${sources[0]}
\`\`\`

<!-- #tanh -->
## tanh

tanh is flatter than the sigmoid only beyond 1.66. [E054]

${filler(12)}

\`\`\`ts #tanh-note folded
// Measures what the note says
${sources[1]}
\`\`\`
`;

const near = (name: string, value: number, expected: number) => ({ name, value, expected, tolerance: 1e-6 });
type Told = { said?: string; where?: { heading: string; item: string }; right?: string };
const statement = (
  id: string,
  verdict: 'holds' | 'conditional' | 'wrong',
  sentence: string,
  told: Told,
  measured: Measurement[],
) => ({
  entry: { id, verdict, settled: 'measured' as const, sentence, notebook: chapterPath, ...told },
  parts: measured.map((one) => judge(id, one)),
});

const lists: Record<string, StatementList> = {
  'sigmoid-note': new StatementList([
    statement('E043', 'holds', 'The slope of the sigmoid is σ(1 − σ).', { where: { heading: 'Sigmoid', item: '1' } }, [
      near('slope at 0', 0.25, 0.25),
    ]),
    statement(
      'E045',
      'wrong',
      'All outputs are positive, and their mean is one half.',
      {
        said: 'Says that the mean grows without end.',
        where: { heading: 'Sigmoid', item: '3' },
        right: 'A sigmoid is not centred.',
      },
      [near('a = 1', 0.5, 0.5), near('a = 50', 0.5, 0.5)],
    ),
    statement(
      'E048',
      'conditional',
      'Each sigmoid multiplies the gradient by at most a quarter, and each layer multiplies it by its weights as well.',
      {
        said: 'Counts the quarters of all layers, and not the weights.',
        where: { heading: 'Sigmoid', item: '5 and 5.3' },
      },
      [near('largest slope', 0.25, 0.25), { name: 'gain of fourfold weights', value: 38_000, above: 1000 }],
    ),
  ]),
  'tanh-note': new StatementList([
    statement(
      'E054',
      'conditional',
      'tanh is flatter than the sigmoid only beyond 1.66.',
      { said: 'Says that it is flatter.' },
      [{ name: 'slopes are equal at', value: 1.7, above: 1.65, below: 1.67 }],
    ),
  ]),
};

/** The chapter as a notebook with its outputs. */
export function chapter(text = chapterText()) {
  const notebook = fromText(text, undefined, chapterPath);
  for (const cell of notebook.cells)
    if (cell.id in lists)
      cell.outputs = [{ output_type: 'display_data', metadata: {}, data: lists[cell.id]!.mimeBundle() }];
  return notebook;
}
