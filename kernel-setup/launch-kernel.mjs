// The kernelspec `gradlab` starts this with the connection file: brings library and kernel up to date, then runs the kernel. No
// syntax here that an old Node could not read: it tells the notebook that it is too old.
import { nodeProblem } from './setup/oldest-node.mjs';
import { refuse } from './setup/refuse.mjs';

const problem = nodeProblem(process.versions.node);
if (problem) refuse('NodeError', problem);
else import('./setup/run-kernel.mjs').then(({ runKernel }) => runKernel());
