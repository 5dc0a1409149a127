// The same in PyTorch: folded blocks of Python beside code in sight, in Markdown cells:
//
//   <details><summary>The same in PyTorch</summary>
//
//   ```python
//   print(torch.ones(2).sum())
//   ```
//
//   prints
//
//   ```text
//   tensor(2.)
//   ```
//
//   </details>
//
// The blocks of a notebook are one program, in their order. What they print is committed beside a hash of each block, so that a test
// without PyTorch sees a block that nobody has run since it was changed.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';

const FOLDED = /(<summary>The same in PyTorch<\/summary>)([\s\S]*?)(<\/details>)/g;
const BLOCK = /^```python\n([\s\S]*?)\n```(?:\s*?\n+prints\s*?\n+```text\n([\s\S]*?)\n?```)?/gm;

/** What every program begins with. The seed is set once, before the first block of a notebook. */
export const PREAMBLE = `import torch
from torch import nn, optim
import torch.nn.functional as F
torch.manual_seed(0)
`;

/** Runs programs that arrive as JSON, a list of blocks, and says as JSON what each block printed. */
const RUNNER = `import contextlib, io, json, sys, traceback
blocks = json.load(sys.stdin)
space = {"__name__": "__main__"}
exec(${JSON.stringify(PREAMBLE)}, space)
printed = []
for i, block in enumerate(blocks):
    out = io.StringIO()
    try:
        with contextlib.redirect_stdout(out):
            exec(compile(block, f"block {i + 1}", "exec"), space)
    except Exception:
        sys.exit(f"block {i + 1}: " + traceback.format_exc(limit=-1))
    printed.append(out.getvalue())
json.dump(printed, sys.stdout)
`;

/** The short hash by which a block is known. */
export const hashOf = (code) => createHash('sha256').update(code).digest('hex').slice(0, 16);

const markdownCells = ({ cells }) => cells.filter(({ cell_type: type }) => type === 'markdown');

/**
 * The blocks of a notebook in their order.
 * @returns {{ code: string, shown: string }[]} `shown`: what the page says that it prints; empty where it says nothing
 */
export const blocksOf = (notebook) =>
  markdownCells(notebook).flatMap(({ source }) =>
    [...source.matchAll(FOLDED)].flatMap(([, , inside]) =>
      [...inside.matchAll(BLOCK)].map(([, code, shown = '']) => ({ code, shown })),
    ),
  );

/** The notebook with what its blocks print. @param {string[]} outputs of all blocks, in their order */
export function withOutputs(notebook, outputs) {
  const left = [...outputs];
  const block = (_, code) => {
    const printed = left.shift();
    return `\`\`\`python\n${code}\n\`\`\`${printed === '' ? '' : `\n\nprints\n\n\`\`\`text\n${printed}\n\`\`\``}`;
  };
  const cells = notebook.cells.map((cell) => {
    if (cell.cell_type !== 'markdown') return cell;
    const source = cell.source.replace(FOLDED, (_, open, inside, close) => open + inside.replace(BLOCK, block) + close);
    return { ...cell, source };
  });
  return { ...notebook, cells };
}

/**
 * Runs blocks in one Python.
 * @param {string} python the path of one that has torch
 * @param {string[]} codes
 * @returns {string[]} what each prints, without white space at its end
 * @throws Error with Python's message if a block fails
 */
export function runBlocks(python, codes) {
  const { stdout, stderr, status, error } = spawnSync(python, ['-c', RUNNER], {
    input: JSON.stringify(codes),
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
    // With several threads sums are added up in another order.
    env: { ...process.env, OMP_NUM_THREADS: '1', PYTHONIOENCODING: 'utf-8' },
  });
  if (error) throw error;
  if (status !== 0) throw new Error(stderr.trim());
  return JSON.parse(stdout).map((text) => text.trimEnd());
}

/** What the committed record has of a notebook. */
export const recordOf = (blocks, outputs) => blocks.map(({ code }, i) => ({ code: hashOf(code), output: outputs[i] }));

/**
 * What is wrong with a notebook's blocks beside the committed record.
 * @param {{ code: string, output: string }[]} [recorded]
 * @returns {string[]}
 */
export function blockProblems(notebook, recorded = []) {
  const blocks = blocksOf(notebook);
  const problems = blocks.flatMap(({ code, shown }, i) => {
    if (recorded[i]?.code !== hashOf(code)) return [`PyTorch block ${i + 1} was not run since it was changed`];
    return recorded[i].output === shown ? [] : [`PyTorch block ${i + 1} prints something else than the page shows`];
  });
  if (recorded.length > blocks.length) problems.push('the record has more PyTorch blocks than the notebook');
  return problems.map((problem) => `${problem}: npm run pytorch -- --python PATH --write`);
}
