// The same in PyTorch: folded Python blocks after visible code, in Markdown cells:
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
// The blocks of a notebook are one program, in their order. Their output is committed with a hash of each block, so that a test without
// PyTorch finds blocks that changed after their last run.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';

const FOLDED = /(<summary>The same in PyTorch<\/summary>)([\s\S]*?)(<\/details>)/g;
const BLOCK = /^```python\n([\s\S]*?)\n```(?:\s*?\n+prints\s*?\n+```text\n([\s\S]*?)\n?```)?/gm;

/** The beginning of every program. The seed is set once, before the first block of a notebook. */
export const PREAMBLE = `import torch
from torch import nn, optim
import torch.nn.functional as F
torch.manual_seed(0)
`;

/** Reads a JSON list of blocks, runs them, and writes a JSON list of their outputs. */
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

/** The short hash that identifies a block. */
export const hashOf = (code) => createHash('sha256').update(code).digest('hex').slice(0, 16);

const markdownCells = ({ cells }) => cells.filter(({ cell_type: type }) => type === 'markdown');

/**
 * The blocks of a notebook in their order.
 * @returns {{ code: string, shown: string }[]} `shown`: the output on the page; empty if there is none
 */
export const blocksOf = (notebook) =>
  markdownCells(notebook).flatMap(({ source }) =>
    [...source.matchAll(FOLDED)].flatMap(([, , inside]) =>
      [...inside.matchAll(BLOCK)].map(([, code, shown = '']) => ({ code, shown })),
    ),
  );

/** The notebook with the outputs of its blocks. @param {string[]} outputs of all blocks, in their order */
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
 * Runs blocks in one Python process.
 * @param {string} python the path of a Python with torch
 * @param {string[]} codes
 * @returns {string[]} the output of each, without trailing white space
 * @throws Error with Python's message if a block fails
 */
export function runBlocks(python, codes) {
  const { stdout, stderr, status, error } = spawnSync(python, ['-c', RUNNER], {
    input: JSON.stringify(codes),
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
    // With several threads the order of summation differs.
    env: { ...process.env, OMP_NUM_THREADS: '1', PYTHONIOENCODING: 'utf-8' },
  });
  if (error) throw error;
  if (status !== 0) throw new Error(stderr.trim());
  return JSON.parse(stdout).map((text) => text.trimEnd());
}

/** The committed record of a notebook. */
export const recordOf = (blocks, outputs) => blocks.map(({ code }, i) => ({ code: hashOf(code), output: outputs[i] }));

/**
 * The differences between a notebook's blocks and the committed record.
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
