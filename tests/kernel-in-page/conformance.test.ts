// The kernel in a page passes the checks of tests/kernel/conformance, and the other tests for its kernels.
import fs from 'node:fs';
import path from 'node:path';
import { describeIn } from '../support/browsers';

process.env.CONFORMANCE_KERNEL = 'page';
const { tested } = await import('../kernel/conformance/client/page-kernel');
/** Parts of file names, to select some. */
const wanted = process.env.CONFORMANCE_FILES?.split(' ') ?? [''];

const kernel = path.join(import.meta.dirname, '..', 'kernel');
const checks = fs.readdirSync(path.join(kernel, 'conformance')).map((name) => path.join('conformance', name));
const files = [...checks, path.join('widgets', 'moves.test.ts')].filter((file) => file.endsWith('.test.ts'));

describeIn([tested], 'the kernel in a page', async () => {
  for (const file of files)
    if (wanted.some((part) => file.includes(part))) await import(/* @vite-ignore */ path.join(kernel, file));
});
