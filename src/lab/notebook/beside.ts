import { ValueError } from '../../errors';
import { nearest } from '../../options';
import { beside, filesBeside } from '../../platform';

/** A kind of files beside a notebook. */
interface Kind {
  /** The end of their names. */
  ending: string;
  read: (file: string) => object;
  /** The text of a new file with one entry, and that of the entry alone, to be filled in. */
  example: (id: string) => { whole: string; entry: string };
  folder?: string | undefined;
}

/**
 * The entry called `id` in the files beside the notebook whose names end in `ending`, and the file that has it.
 * @throws {ValueError} if no file has it, with what to write into which file, or two have
 */
export function findBeside(
  who: string,
  id: string,
  { ending, read, example, folder }: Kind,
): { entry: unknown; file: string } {
  const files = filesBeside(ending, folder);
  const contents = files.map((file) => [file, new Map(Object.entries(read(file)))] as const);
  const [found, other] = contents.filter(([, entries]) => entries.has(id));
  if (other) throw new ValueError(`${who}: "${id}" is in ${found![0]} and in ${other[0]}; rename one of them`);
  if (found) return { entry: found[1].get(id), file: found[0] };
  const known = contents.flatMap(([, entries]) => [...entries.keys()]);
  const { whole, entry } = example(id);
  const meant = nearest(id, known);
  const add = `${meant === undefined ? 'add' : `did you mean "${meant}"? If not, add`} to ${files[0]}`;
  throw new ValueError(
    files.length === 0
      ? `${who}: no file beside this notebook ends in ${ending}; write ${beside(`NOTEBOOK${ending}`, folder)}, any NOTEBOOK, with\n${whole}`
      : `${who}: "${id}" is in none of the files ${ending} beside this notebook, which have ${known.join(', ') || 'nothing'}; ` +
          `${add}\n${entry}`,
  );
}
