// The package's kernelspec `gradlab` starts this with the connection file. Old Node versions must be able to parse it.
import { nodeProblem } from '../setup/oldest-node.mjs';
import { refuse } from '../setup/refuse.mjs';

const problem = nodeProblem(process.versions.node);
if (problem) refuse('NodeError', problem);
else import('./run-kernel.mjs').then(({ runKernel }) => runKernel());
