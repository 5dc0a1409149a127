// The kernelspec `gradlab` of the package starts this with the connection file. No syntax here that an old Node could not read.
import { nodeProblem } from '../setup/oldest-node.mjs';
import { refuse } from '../setup/refuse.mjs';

const problem = nodeProblem(process.versions.node);
if (problem) refuse('NodeError', problem);
else import('./run-kernel.mjs').then(({ runKernel }) => runKernel());
