import { ValueError } from '../../errors';
import { filesBeside } from '../../platform';

/**
 * The entry called `id` in the files beside the notebook whose names end in `ending`, and the file that has it.
 * @throws {ValueError} if no file has it, or two have
 */
export function findBeside(
  who: string,
  id: string,
  { ending, read, folder }: { ending: string; read: (file: string) => object; folder?: string | undefined },
): { entry: unknown; file: string } {
  const files = filesBeside(ending, folder);
  const contents = files.map((file) => [file, new Map(Object.entries(read(file)))] as const);
  const [found, other] = contents.filter(([, entries]) => entries.has(id));
  if (other) throw new ValueError(`${who}: "${id}" is in ${found![0]} and in ${other[0]}; rename one of them`);
  if (found) return { entry: found[1].get(id), file: found[0] };
  const known = contents.flatMap(([, entries]) => [...entries.keys()]);
  throw new ValueError(
    files.length === 0
      ? `${who}: no file beside this notebook ends in ${ending}; "${id}" must stand in one`
      : `${who}: "${id}" is in none of the files ${ending} beside this notebook, which have ${known.join(', ') || 'nothing'}`,
  );
}
