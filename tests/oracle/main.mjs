import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { readApi } from '../../tools/reference/api.mjs';
import { choices, report, runFolder, runNotes, runRandom } from './runner.mjs';

const USAGE = `npm run oracle [-- [options] [DIR]]

Runs PyTorch's cases in DIR (default: the project's own set) and lists every failure.

  --only LIST     kinds, separated by commas: ${choices.join(', ')}
  --op LIST       operations, by PyTorch's names
  --tier 1        leave out the operations of tier 2, and their errors
  --rng FILE      random numbers instead
  --notes FILE    the values of the notes' programs instead`;

const data = fileURLToPath(new URL('./data', import.meta.url));
/** The user's folder: npm runs scripts in the project's folder. */
const fromHere = (file) => path.resolve(process.env.INIT_CWD ?? '.', file);
const list = (text) => text?.split(',').map((item) => item.trim());

/**
 * @param {string[]} args
 * @param {object} [gradlab] the library under test; default: the built one
 * @returns {number} the exit code: 0 if every case passed, 1 if one failed, 2 for invalid arguments
 */
export function main(args, gradlab = createRequire(import.meta.url)('gradlab')) {
  let options;
  try {
    options = readOptions(args);
  } catch (error) {
    console.error(`${error.message}\n\n${USAGE}`);
    return 2;
  }
  if (options.help) {
    console.log(USAGE);
    return 0;
  }
  const subject = { gradlab, api: readApi() };
  const results = [
    ...(options.rng === undefined ? [] : runRandom(options.rng, subject)),
    ...(options.notes === undefined ? [] : runNotes(options.notes, subject)),
    ...(options.folder === undefined ? [] : runFolder(options.folder, subject, options)),
  ];
  for (const line of report(results)) console.log(line);
  return results.some(({ error }) => error !== undefined) ? 1 : 0;
}

function readOptions(args) {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      only: { type: 'string' },
      op: { type: 'string' },
      tier: { type: 'string' },
      rng: { type: 'string' },
      notes: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (positionals.length > 1) throw new Error(`one folder at a time, got ${positionals.join(', ')}`);
  const only = list(values.only);
  const unknown = only?.filter((name) => !choices.includes(name)) ?? [];
  if (unknown.length > 0) throw new Error(`--only: ${unknown.join(', ')} is none of ${choices.join(', ')}`);
  if (values.tier !== undefined && !['1', '2'].includes(values.tier))
    throw new Error(`--tier: ${values.tier} is not 1 or 2`);
  const others = values.rng !== undefined || values.notes !== undefined;
  return {
    help: values.help,
    only,
    ops: list(values.op),
    tier: values.tier === undefined ? undefined : Number(values.tier),
    rng: values.rng === undefined ? undefined : fromHere(values.rng),
    notes: values.notes === undefined ? undefined : fromHere(values.notes),
    folder: positionals.length === 1 ? fromHere(positionals[0]) : others ? undefined : data,
  };
}
