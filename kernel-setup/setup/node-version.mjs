// Imported first by every script that a person starts. It and those scripts use no syntax younger than `import()`, so
// that an old Node reaches the message below instead of stumbling over a token of some other file.

import { nodeProblem } from './oldest-node.mjs';

const problem = nodeProblem(process.versions.node);
if (problem) {
  console.error(`✗ ${problem.message}\n  Try: ${problem.remedy}`);
  process.exit(1);
}
