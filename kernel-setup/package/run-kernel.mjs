// Runs the packaged kernel.
import { runHost } from '../setup/host.mjs';
import { packagePaths } from './paths.mjs';

export const runKernel = () => runHost(packagePaths());
