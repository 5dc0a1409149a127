// The controls of `interact` on pages without a kernel: the notebook runs once, its controls are moved as a front end
// would, and the output of each value is stored as the difference from the first output.
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { PLOTLY_MIME } from '../../kernel-setup/figures/draw.mjs';
import { filesBelow, fingerprint, readJson, writeIfChanged } from '../../kernel-setup/setup/files.mjs';
import { startKernel } from '../../kernel-setup/setup/kernel-client.mjs';
import { readNotebook } from '../../tools/notebooks/notebook-file.mjs';
import { planOf } from './control-values.mjs';
import { WIDGET_MIME } from './show-outputs.mjs';

/** Timeout of a function, in seconds. */
const patience = 20;

/** Timeout of a cell, in seconds. */
const longest = 600;

/** Maximum size of the changes of one call, as JSON. */
const mostCharacters = 3e6;

const hasControls = ({ outputs = [] }) => outputs.some(({ data }) => data?.[WIDGET_MIME] !== undefined);

/**
 * @typedef {object} Recorded one call of `interact`
 * @property {string} cell the id of its cell
 * @property {string} output the name of the output that changes
 * @property {{ name: string, values: unknown[], labels: string[], start: number }[]} controls those that can be moved; the
 *   index of the value at first
 * @property {string[]} still names of controls that only the laboratory moves, such as text fields
 * @property {boolean} isGrid whether all combinations are there; else each control by itself, while the others stand at first
 * @property {(object[] | null)[]} changes JSON Patch of the output's data for each combination, or for each value of each
 *   control: null where there was no result
 */

/** Returns the recorded controls of a notebook, from the cache if it is unchanged. */
export async function recordControls(paths, name, { env, log }) {
  const file = path.join(paths.notebooks, name);
  const notebook = readNotebook(file);
  if (!notebook.cells.some(hasControls)) return [];
  const beside = fs.readdirSync(path.dirname(file)).filter((other) => other.startsWith(path.basename(name, '.ipynb')));
  const mine = ['record.mjs', 'control-values.mjs'].map((one) => path.join(import.meta.dirname, one));
  const sources = beside.map((one) => path.join(path.dirname(file), one));
  const mark = fingerprint(paths.root, [...sources, ...mine, ...filesBelow(paths.sources)]);
  const cache = path.join(paths.state, 'site', 'controls', `${name.replaceAll('/', ' ')}.json`);
  const kept = readJson(cache);
  if (kept?.mark === mark) return kept.recorded;
  log(`  ${name}: its controls are moved`);
  const recorded = await record(paths, notebook, { env, folder: path.dirname(file) });
  writeIfChanged(cache, JSON.stringify({ mark, recorded }));
  return recorded;
}

async function record(paths, notebook, { env, folder }) {
  // In the same way as committed outputs.
  const kernel = await startKernel({ paths, env: { GRADLAB_FMA: '0', ...env } }, 'gradlab', folder);
  try {
    const recorded = [];
    const cells = notebook.cells.filter(({ cell_type: type, source }) => type === 'code' && source.trim() !== '');
    for (const cell of cells.slice(0, cells.findLastIndex(hasControls) + 1)) {
      const { status, outputs } = await kernel.execute(cell.source, longest);
      if (status !== 'ok') throw new Error(`cell ${cell.id} failed: ${JSON.stringify(outputs.at(-1))}`);
      for (const [i, output] of outputs.entries()) {
        const view = output.data?.[WIDGET_MIME]?.model_id;
        if (view === undefined) continue;
        const shown = outputs.slice(i + 1).find(({ data }) => data?.[PLOTLY_MIME] !== undefined);
        if (shown) recorded.push({ cell: cell.id, ...(await moveAll(paths, kernel, view, shown)) });
      }
    }
    return recorded;
  } finally {
    await kernel.stop();
  }
}

/** Moves the controls of one call of `interact` through their values, by the first plan whose data is small enough. */
async function moveAll(paths, kernel, view, output) {
  const plans = planOf(view, await kernel.widgets());
  const { controls } = plans[0];
  const at = new Map(controls.map(({ model, values, start }) => [model, values[start]]));
  const now = { at, shown: output.data };
  for (const plan of plans) {
    const recorded = await moveBy(plan, now, { paths, kernel, output });
    if (recorded) return recorded;
  }
  throw new Error(`the figures for ${controls.map(({ name }) => name).join(', ')} are more than a page can carry`);
}

/**
 * Records a plan; returns undefined if there is too much data. `now` has the present values and output of the controls.
 */
async function moveBy({ controls, still, isGrid, combinations }, now, { paths, kernel, output }) {
  const { changesBetween } = createRequire(import.meta.url)(path.join(paths.kernelBuild, 'host', 'json-patch.js'));
  const { data: first, metadata } = output;
  const display = metadata.gradlab.displayId;
  const changes = [];
  let size = 0;
  for (const combination of combinations) {
    for (const [i, { model, key, values }] of controls.entries()) {
      const value = values[combination[i]];
      if (now.at.get(model) === value) continue;
      now.shown = await kernel.move(model, { [key]: value }, display, patience);
      now.at.set(model, value);
    }
    const change = now.shown && changesBetween(first, now.shown);
    size += JSON.stringify(change).length;
    if (size > mostCharacters) return undefined;
    changes.push(change);
  }
  const told = controls.map(({ name, values, labels, start }) => ({ name, values, labels, start }));
  return { output: display, controls: told, still, isGrid, changes };
}
