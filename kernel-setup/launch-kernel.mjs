// The kernelspec `gradlab` starts this with the connection file: brings dist/ up to date, then runs the kernel.
import './setup/node-version.mjs';

const { buildIfStale } = await import('./setup/build.mjs');
const { explain } = await import('./setup/errors.mjs');
const { paths } = await import('./setup/paths.mjs');
const { runKernel } = await import('./kernel.mjs');

let buildError;
try {
  await buildIfStale(paths);
} catch (error) {
  buildError = explain(error);
}
runKernel({ connectionFile: process.argv[2], buildError });
