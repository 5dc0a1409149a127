// The cost of one more user of a server: memory of kernels and of the server, and the start time of a kernel. Linux
// only.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { jupyterEnv, paths } from '../kernel-setup/setup/index.mjs';
import { KernelUnderTest, memoryOf, patienceWithNotebooks } from './client.mjs';

/** A short notebook, the largest file, and one that trains. */
const notebooks = [
  '002-gradient-descent/01-gradient-descent-in-3d',
  '004-neural-networks/28-the-optimizer-race',
  '001-fastai-book/07-weight-decay',
];
/** The number of simultaneous kernels that shows how much they share. */
const together = 4;
/** The kernel releases memory after two seconds without a request. */
const untilIdle = 4000;

/** Measures one user's kernel and `together` of them at once, and the server; prints a table. */
export async function benchUsers() {
  const rows = [];
  const report = (what, count, { rss, pss }) => {
    rows.push(`| ${what} | ${count} | ${(rss / count).toFixed(0)} | ${(pss / count).toFixed(0)} |`);
    console.log(rows.at(-1));
  };
  await server(report);
  for (const count of [1, together]) {
    await kernels(count, paths.notebooks, async (all) => {
      report('kernel, started', count, await idle(all));
      await each(all, (kernel) => kernel.run('1 + 1'));
      report('… after a first cell, `1 + 1`', count, await idle(all));
      await each(all, (kernel) => kernel.run('import { tensor } from "gradlab"; tensor([1, 2]).sum()'));
      report('… after a tensor', count, await idle(all));
    });
    for (const notebook of notebooks)
      await kernels(count, path.dirname(path.join(paths.notebooks, notebook)), async (all) => {
        const { cells } = JSON.parse(fs.readFileSync(path.join(paths.notebooks, `${notebook}.ipynb`), 'utf8'));
        for (const { cell_type: type, source } of cells)
          if (type === 'code')
            await each(all, (kernel) => kernel.run([source].flat().join(''), 'idle', patienceWithNotebooks));
        report(`… after ${notebook}`, count, await idle(all));
      });
  }
  console.log(`\n| each, MB | at once | resident | shared pages divided |\n|---|---:|---:|---:|\n${rows.join('\n')}`);
}

const each = (kernels, action) => Promise.all(kernels.map(action));

async function kernels(count, folder, action) {
  const all = [];
  try {
    for (let i = 0; i < count; i++) {
      const kernel = await KernelUnderTest.start('gradlab', folder);
      all.push(kernel);
      await kernel.request('kernel_info_request', {}, 'reply');
      console.log(`kernel ${i + 1} of ${count} answers after ${(performance.now() - kernel.started).toFixed(0)} ms`);
    }
    await action(all);
  } finally {
    await each(all, (kernel) => kernel.stop());
  }
}

async function idle(kernels) {
  await sleep(untilIdle);
  const found = kernels.map((kernel) => kernel.memory());
  const total = (key) => found.reduce((sum, one) => sum + one[key], 0);
  return { rss: total('rss'), pss: total('pss') };
}

/** A server without kernels, as a hub starts one for each user, after a page has loaded JupyterLab's files from it. */
async function server(report) {
  const port = 20_000 + (process.pid % 20_000);
  const args = ['--no-browser', '--allow-root', `--port=${port}`, '--IdentityProvider.token='];
  const env = jupyterEnv({ paths, env: process.env });
  const child = spawn(paths.venvPython, ['-m', 'jupyterlab', ...args], { env, stdio: 'ignore', cwd: paths.notebooks });
  const ask = (address) =>
    fetch(`http://127.0.0.1:${port}${address}`).then(
      (answer) => answer.text(),
      () => '',
    );
  try {
    while (!(await ask('/api/status')).includes('started')) await sleep(200);
    for (const address of ['/lab', '/lab/api/settings', '/api/kernelspecs', '/api/contents']) await ask(address);
    report('server of JupyterLab', 1, memoryOf(child.pid));
  } finally {
    child.kill();
  }
}
