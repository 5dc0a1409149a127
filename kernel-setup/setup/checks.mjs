import fs from 'node:fs';
import path from 'node:path';
import { buildIfStale, whyStale } from './build.mjs';
import { checkInstalled } from './check-installed.mjs';
import { diskRemedy, notWritable, SetUpError } from './errors.mjs';
import { readIfThere, readJson } from './files.mjs';
import { unwritableFolders } from './folders.mjs';
import { installations } from './install.mjs';
import { jupyterEnv } from './jupyter-env.mjs';
import { jupyterFiles, kernelspecs } from './jupyter-files.mjs';
import { startKernel, textOf } from './kernel-client.mjs';
import { nodeOf, whyNodeFails } from './node-of-kernel.mjs';
import { nodeAdvice, nodeProblem } from './oldest-node.mjs';
import { npmPackages } from './packages.mjs';
import { findPython } from './python.mjs';
import { refusalIn } from './refuse.mjs';
import { run } from './run.mjs';
import { pythonEnvironment } from './venv.mjs';

const byStart = ({ paths }) => (paths.readOnly ? notWritable(paths, []).remedy : '`npm start`, which puts it right');

/**
 * The checks from Node to a figure and a slider, in order. `check` returns its finding in a few words, or throws a
 * SetUpError with a remedy. The first failure is the cause, so later checks are skipped. A check is also skipped if
 * `unless` gives a reason, and so are the checks that need it.
 * @type {{ title: string, needs?: string[], unless?: (context: object) => string | undefined, check: (context: object) =>
 * string | Promise<string> }[]}
 */
export const checks = [
  { title: 'Node', check: checkNode },
  { title: 'Folders', check: checkFolders },
  { title: 'npm packages', check: checkPackages },
  { title: 'ZeroMQ', check: checkZeroMq },
  { title: 'Python', check: checkPython },
  { title: 'Python environment', unless: isElsewhere, check: checkEnvironment },
  { title: 'Kernel', check: (context) => checkBuild(context, 'kernel') },
  { title: 'Library', check: (context) => checkBuild(context, 'library') },
  { title: 'Kernelspecs and settings', needs: ['Python environment'], check: checkKernelspecs },
  { title: 'Figure renderer', needs: ['Kernelspecs and settings'], check: checkRenderer },
  { title: 'Kernel start', needs: ['Kernelspecs and settings'], check: checkKernelStart },
  { title: 'One cell', needs: ['Kernel start'], check: checkCell },
  { title: 'One figure', needs: ['One cell'], check: checkFigure },
  { title: 'One slider', needs: ['Kernel start'], check: checkSlider },
  { title: 'Other Jupyters', check: checkInstalled },
];

/**
 * Runs the checks, all or up to the one called `last`, and logs a line for each and the remedies.
 * @param {string} [last]
 * @returns {Promise<string[]>} the titles of the failed checks
 */
export async function diagnose(context, last = undefined, list = checks) {
  const end = last === undefined ? list.length : list.findIndex(({ title }) => title === last) + 1;
  const failed = [];
  const open = [];
  const shared = { ...context, kernel: undefined };
  try {
    for (const { title, needs = [], unless, check } of list.slice(0, end)) {
      const missing = failed.length > 0 ? failed : needs.filter((need) => open.includes(need));
      if (missing.length > 0) {
        open.push(title);
        context.log(`– ${title}: not checked, ${missing.join(' and ')} comes first`);
        continue;
      }
      const reason = unless?.(shared);
      if (reason !== undefined) {
        open.push(title);
        context.log(`– ${title}: ${reason}`);
        continue;
      }
      try {
        context.log(`✓ ${title}: ${await check(shared)}`);
      } catch (error) {
        failed.push(title);
        const details = error.details ? `\n${error.details.trim().replace(/^/gm, '    ')}` : '';
        const remedy = error.remedy ?? diskRemedy(error.code) ?? `report this, it is a bug: ${error.stack}`;
        context.log(`✗ ${title}: ${error.message}${details}\n  Try: ${remedy}`);
      }
    }
  } finally {
    await shared.kernel?.stop();
  }
  return failed;
}

function checkNode({ nodeVersion = process.versions.node }) {
  const problem = nodeProblem(nodeVersion);
  if (problem) throw new SetUpError(problem.message, problem);
  const advice = nodeAdvice(nodeVersion);
  return advice === undefined ? nodeVersion : `${nodeVersion} (${advice})`;
}

function checkFolders({ paths }) {
  const failed = unwritableFolders(paths);
  if (failed.length === 0)
    return paths.readOnly ? `yours are in ${paths.own}; the project's cannot be written` : 'can be written';
  const names = failed.map(({ folder }) => path.relative(paths.root, folder) || 'the project folder');
  const more = failed.length > 1 ? ` (and ${failed.length - 1} more)` : '';
  throw new SetUpError(`${names[0]}${more} cannot be written`, {
    remedy: diskRemedy(failed[0].error.code) ?? 'see to the disk named above, then run the command again',
    details: failed.map(({ error }, i) => `${names[i]}: ${error.message}`).join('\n'),
  });
}

function checkPackages(context) {
  const reason = npmPackages.whyNeeded(context);
  if (reason) throw new SetUpError(reason, { remedy: byStart(context) });
  return 'as package-lock.json says';
}

async function checkZeroMq({ paths, env }) {
  const { ok, output } = await run(process.execPath, ['-e', 'require("zeromq")'], { cwd: paths.root, env });
  if (ok) return 'loads';
  throw new SetUpError(`zeromq does not load on ${process.platform} ${process.arch}`, {
    remedy: '`npm rebuild zeromq` (it needs a C++ compiler and cmake where no built version is included)',
    details: output,
  });
}

async function checkPython(context) {
  const { command, version } = await findPython(context);
  return `${version} (${command.join(' ')})`;
}

/** A project that was set up for other Jupyters only has no environment. */
function isElsewhere(context) {
  if (fs.existsSync(context.paths.venv) || !installations(context).some(({ own }) => own)) return undefined;
  return 'there is none, since the kernel is for other Jupyters; `npm start` makes one';
}

async function checkEnvironment(context) {
  const reason = await pythonEnvironment.whyNeeded(context);
  if (reason) throw new SetUpError(reason, { remedy: byStart(context) });
  const { paths } = context;
  const script =
    'import ipywidgets, jupyterlab, nbclient, sys; print(f"JupyterLab {jupyterlab.__version__} on Python {sys.version.split()[0]}")';
  const { ok, stdout, output } = await run(paths.venvPython, ['-c', script], { env: jupyterEnv(context) });
  if (ok) return stdout.trim();
  throw new SetUpError('its packages do not load', {
    remedy: 'delete the folder .venv, then `npm start`, which recreates it',
    details: output,
  });
}

async function checkBuild({ paths, env, log }, which) {
  const reason = whyStale(paths, which);
  if (reason === undefined) return 'is built of the sources as they are';
  if (!paths.readOnly) log(`… ${which === 'kernel' ? 'Kernel' : 'Library'}: ${reason}, so it is built`);
  await buildIfStale(paths, env, which);
  return `is built of the sources as they are, now`;
}

async function checkKernelspecs(context) {
  const { paths } = context;
  const installed = readJson(path.join(paths.kernels, 'gradlab', 'kernel.json'));
  const failure = installed && whyNodeFails(installed);
  // A kernelspec for another Node is fine: `npm start` with that Node wrote it.
  const node = failure === undefined ? installed?.argv[0] : undefined;
  const reason = failure ?? jupyterFiles.whyNeeded(context, node);
  if (reason) throw new SetUpError(reason, { remedy: byStart(context) });
  const list = await run(paths.venvPython, ['-m', 'jupyter_client.kernelspecapp', 'list', '--json'], {
    env: jupyterEnv(context),
  });
  const found = list.ok ? JSON.parse(list.stdout.slice(list.stdout.indexOf('{'))).kernelspecs : {};
  const wanted = kernelspecs(paths, node);
  for (const [name, spec] of Object.entries(wanted)) {
    if (!found[name]) {
      throw new SetUpError(`Jupyter does not find the kernel ${name}`, {
        remedy: byStart(context),
        details: list.output,
      });
    }
    if (found[name].spec.argv.join('\0') !== spec.argv.join('\0')) {
      const folder = path.relative(paths.root, found[name].resource_dir);
      const remedy = `delete or rename the folder ${folder}, then this command again`;
      throw new SetUpError(`another kernel has the name ${name}`, { remedy });
    }
  }
  const other = nodeOf(wanted.gradlab);
  return `${Object.keys(wanted).join(', ')}${other ? `, on ${other}` : ''}`;
}

async function checkRenderer(context) {
  const { paths } = context;
  const { ok, output } = await run(paths.venvPython, ['-m', 'jupyterlab.labextensions', 'list'], {
    env: jupyterEnv(context),
  });
  const line = output.split('\n').find((text) => text.includes('gradlab-plotly'));
  if (ok && line && /enabled.*OK/.test(line)) return 'installed and enabled';
  const settings = path.relative(paths.root, path.join(paths.jupyter, 'config', 'labconfig', 'page_config.json'));
  throw new SetUpError('JupyterLab does not load gradlab-plotly', {
    remedy: line?.includes('disabled') ? `delete the file ${settings}, which switches it off` : byStart(context),
    details: line ?? output,
  });
}

async function checkKernelStart(context) {
  const remedy =
    'read the lines above; if they do not help, delete the folders node_modules and .venv, then `npm start`';
  try {
    context.kernel = await startKernel(context, 'gradlab', context.paths.notebooks);
  } catch (error) {
    throw new SetUpError('the kernel gradlab does not start', { remedy, details: error.message });
  }
  const refusal = refusalIn(await runCell(context.kernel, ''));
  if (refusal !== undefined) throw new SetUpError('the kernel gradlab runs no cell', { remedy, details: refusal });
  return 'gradlab answers';
}

async function checkCell({ paths, kernel }) {
  const wanted = readJson(path.join(paths.root, 'package.json')).version;
  const result = await runCell(kernel, 'import { version } from "gradlab";\nconsole.log(version);');
  if (result.status === 'ok' && textOf(result).trim() === wanted) return `gradlab ${wanted} loads`;
  throw new SetUpError('a cell that imports gradlab fails', {
    remedy:
      '`npm run build`, then this command again; if that does not help, delete dist, .gradlab/builds and node_modules, then `npm start`',
    details: `${textOf(result)}\n${readIfThere(path.join(paths.dist, 'index.js')) ? '' : 'dist/index.js is missing'}`,
  });
}

const plotlyType = 'application/vnd.plotly.v1+json';
const widgetType = 'application/vnd.jupyter.widget-view+json';
const figureCell = `import { show } from "gradlab/lab";
show({
  [Symbol.for("Jupyter.display")]: () => ({
    "${plotlyType}": { data: [{ type: "scatter", x: [0, 1], y: [2, 3] }], layout: {} },
    "text/plain": "a line",
  }),
});`;

async function checkFigure({ kernel }) {
  const result = await runCell(kernel, figureCell);
  const figure = result.outputs.find(({ data }) => data?.[plotlyType])?.data[plotlyType];
  if (result.status === 'ok' && figure?.data?.[0]?.y?.[1] === 3) return 'arrives as plotly JSON';
  throw new SetUpError('a figure does not arrive at the notebook', {
    remedy: '`npm run build`, then this command again',
    details: textOf(result),
  });
}

async function checkSlider({ kernel }) {
  const result = await runCell(kernel, 'Jupyter.widgets.IntSlider({ value: 3 })');
  const view = result.outputs.find(({ data }) => data?.[widgetType])?.data[widgetType];
  const comms = view ? await kernel.comms() : {};
  if (comms[view?.model_id]?.target_name === 'jupyter.widget') return 'has its line to the notebook';
  throw new SetUpError('a slider does not arrive at the notebook', {
    remedy: 'delete the folder .gradlab/builds, then this command again',
    details: textOf(result),
  });
}

/** Runs a cell; if it ends the kernel, that is a finding too. */
async function runCell(kernel, code) {
  try {
    return await kernel.execute(code);
  } catch (error) {
    return { status: 'error', outputs: [{ text: error.message }] };
  }
}
