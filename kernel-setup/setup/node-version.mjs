// Imported first by every script that users start. It and those scripts use no syntax newer than `import()`, so that an old
// Node prints the message below instead of a syntax error.

import { nodeProblem } from './oldest-node.mjs';

const problem = nodeProblem(process.versions.node);
if (problem) {
  console.error(`✗ ${problem.message}\n  Try: ${problem.remedy}`);
  process.exit(1);
}
