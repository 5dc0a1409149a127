// The command line of `npm run notebooks`, and the notebooks it selects.
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';

export const USAGE = `npm run notebooks [-- options] [names …]
Executes the notebooks, two at a time. A name is a path, a file's name, or the beginning of either; none means all.
  --check            compare the outputs with the committed ones
  --update           write the outputs into the notebooks, with a PNG beside each figure
  --redraw           with --update: draw every PNG again
  --kernel NAME      another kernelspec, such as tslab; only success is checked then
  --timeout SECONDS  for each cell (default 300)
  --junit FILE       write a report in JUnit's XML
  --root FOLDER      another folder of notebooks, anywhere`;

export class UsageError extends Error {}

/** Options from the command line; throws a UsageError. */
export function parseOptions(args, { notebooks }) {
  let parsed;
  try {
    parsed = parseArgs({
      args,
      allowPositionals: true,
      options: {
        check: { type: 'boolean', default: false },
        update: { type: 'boolean', default: false },
        redraw: { type: 'boolean', default: false },
        kernel: { type: 'string', default: 'gradlab' },
        timeout: { type: 'string', default: '300' },
        junit: { type: 'string' },
        root: { type: 'string', default: notebooks },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
  } catch (error) {
    // Only the first sentence: Node continues with arguments that begin with a dash.
    throw new UsageError(error.message.replace(/\. To specify[\s\S]*/, ''));
  }
  const { values, positionals } = parsed;
  const timeout = Number(values.timeout);
  if (!(timeout > 0 && Number.isFinite(timeout))) {
    throw new UsageError(`--timeout takes a number of seconds above 0, not "${values.timeout}"`);
  }
  if (values.check && values.update) throw new UsageError('--check and --update exclude each other');
  if (values.redraw && !values.update) throw new UsageError('--redraw is for --update');
  if (values.kernel !== 'gradlab' && (values.check || values.update)) {
    const option = values.update ? '--update' : '--check';
    throw new UsageError(`${option} needs our own kernel: committed outputs are the kernel gradlab's`);
  }
  return { ...values, timeout, root: path.resolve(values.root), names: positionals };
}

/** Every notebook below a folder, by path with forward slashes, sorted; without checkpoints, hidden folders and packages. */
export function findNotebooks(root) {
  return readdirSync(root, { recursive: true })
    .map((name) => name.replaceAll('\\', '/'))
    .filter(
      (name) =>
        name.endsWith('.ipynb') && !name.split('/').some((part) => part.startsWith('.') || part === 'node_modules'),
    )
    .sort();
}

/** The notebooks (paths below `root`) selected by the names; throws a UsageError for an unknown name. */
export function selectNotebooks(names, notebooks, root) {
  if (notebooks.length === 0) throw new UsageError(`there is no notebook in ${root}`);
  if (names.length === 0) return notebooks;
  const chosen = new Set();
  for (const name of names) {
    const matching = notebooks.filter((notebook) => means(name, notebook, root));
    if (matching.length === 0) {
      const list = notebooks.map((notebook) => `  ${notebook.replace(/\.ipynb$/, '')}`).join('\n');
      throw new UsageError(`no notebook is called "${name}"; there are\n${list}`);
    }
    for (const notebook of matching) chosen.add(notebook);
  }
  return notebooks.filter((notebook) => chosen.has(notebook));
}

function means(name, notebook, root) {
  if (path.resolve(name) === path.join(root, notebook)) return true;
  const wanted = path.isAbsolute(name) ? path.relative(root, name) : name;
  const prefix = wanted
    .replaceAll('\\', '/')
    .replace(/^\.\//, '')
    .replace(/^notebooks\//, '')
    .replace(/\.ipynb$/, '');
  const whole = notebook.replace(/\.ipynb$/, '');
  return whole.startsWith(prefix) || path.posix.basename(whole).startsWith(prefix);
}
