// The child process that bundles: `node bundle-process.mjs ROOT library|kernel FOLDER`, or `… ROOT widgets`, which writes
// what the kernel's sources lack.
import { bundleKernel, bundleLibrary, sourceErrorOf } from './bundle.mjs';
import { sourceErrorCode } from './errors.mjs';
import { projectPaths } from './paths.mjs';
import { writeWidgetTypes } from './widget-types.mjs';

const [, , root, which, to] = process.argv;
const paths = projectPaths(root);
try {
  await { library: bundleLibrary, kernel: bundleKernel, widgets: writeWidgetTypes }[which](paths, to);
} catch (error) {
  const reason = sourceErrorOf(paths, error);
  if (reason === undefined) throw error;
  console.error(reason.message);
  process.exitCode = sourceErrorCode;
}
