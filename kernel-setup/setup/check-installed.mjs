// The doctor's checks of other Jupyters in which the kernel is installed.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { SetUpError } from './errors.mjs';
import { installations } from './install.mjs';
import { startKernel, textOf } from './kernel-client.mjs';
import { placeFor } from './places.mjs';
import { pythonEnv } from './python.mjs';
import { run } from './run.mjs';

/** For each installation: which, where, whether it is current, and whether the kernel answers. */
export async function checkInstalled(context) {
  const found = installations(context);
  if (found.length === 0) return 'the kernel is installed in none';
  const lines = [];
  const remedies = [];
  for (const { data, version, root, own, node, problem, remedy } of found) {
    const whose = own ? '' : ` of ${root}`;
    const state = problem === undefined && own ? await whyNoAnswer(context, data, version) : undefined;
    if (state?.failure ?? problem) remedies.push(remedy ?? `see what is written above, for ${data}`);
    const finding = problem ?? state?.failure ?? `${state?.note ?? 'in order'}${node ? `, on ${node}` : ''}`;
    lines.push(`gradlab ${version}${whose} in ${data}: ${finding}`);
  }
  if (remedies.length === 0) return `${found.length === 1 ? '' : '\n    '}${lines.join('\n    ')}`;
  throw new SetUpError('the kernel is not in order everywhere', {
    remedy: [...new Set(remedies)].join(', '),
    details: lines.join('\n'),
  });
}

/**
 * Starts the kernel as that Jupyter would, and runs a cell.
 * @returns {Promise<{ note?: string, failure?: string }>}
 */
async function whyNoAnswer(context, data, version) {
  const python = await pythonFor(context, data);
  if (python === undefined) return { note: 'in order; not started, for no Python with Jupyter was found' };
  const jupyter = { python, env: { ...pythonEnv(context.env), JUPYTER_PATH: data } };
  let kernel;
  try {
    kernel = await startKernel({ ...context, jupyter }, 'gradlab', os.tmpdir());
    const result = await kernel.execute('import { version } from "gradlab";\nconsole.log(version);');
    if (result.status === 'ok' && textOf(result).trim() === version) return { note: 'runs' };
    return { failure: `a cell that imports gradlab fails: ${textOf(result)}` };
  } catch ({ message }) {
    return { failure: `the kernel does not start: ${message}` };
  } finally {
    await kernel?.stop();
  }
}

/** The Python of the place's environment, of the project, or of `jupyter`: the first that can start kernels. */
async function pythonFor({ paths, env }, data) {
  const below = path.relative(paths.venv, paths.venvPython);
  const active = await placeFor(['--sys-prefix'], env).catch(() => undefined);
  const environments = [data, active?.data].filter(Boolean).map((folder) => path.resolve(folder, '..', '..'));
  for (const python of [...environments.map((folder) => path.join(folder, below)), paths.venvPython]) {
    if (!fs.existsSync(python)) continue;
    if ((await run(python, ['-c', 'import nbclient'], { env: pythonEnv(env) })).ok) return python;
  }
  return undefined;
}
