// The kernelspec `gradlab` starts this with the connection file: updates library and kernel, then runs the kernel. Old Node
// versions must be able to parse it, so that it can tell the notebook that Node is too old.
import { nodeProblem } from './setup/oldest-node.mjs';
import { refuse } from './setup/refuse.mjs';

const problem = nodeProblem(process.versions.node);
if (problem) refuse('NodeError', problem);
else import('./setup/run-kernel.mjs').then(({ runKernel }) => runKernel());
