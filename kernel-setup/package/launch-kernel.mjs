// The kernelspec `gradlab` of the package starts this with the connection file.
import '../setup/node-version.mjs';
import { runHost } from '../setup/host.mjs';
import { packagePaths } from './paths.mjs';

await runHost(packagePaths());
