import { ValueError } from '../../errors';
import { filesBeside, readText } from '../../platform';

const ending = '.recorded.json';

/**
 * Returns precomputed results for this notebook, for computations that take too long in a notebook: the contents of
 * `NAME.recorded.json` beside it. Its `about` names the computation and its command.
 *
 * ```ts
 * const { depth } = recorded<{ depth: Record<string, number[]> }>("activation-functions");
 * ```
 *
 * @throws {ValueError} if the file is missing or is not JSON
 */
export function recorded<T = unknown>(name: string): T {
  const files = filesBeside(ending);
  const file = files.find((one) => one.endsWith(`/${name}${ending}`) || one === `${name}${ending}`);
  if (file === undefined) {
    const others = files.map((one) => one.replace(/^.*[\\/]/, '')).join(', ');
    throw new ValueError(
      `recorded: there is no ${name}${ending} beside this notebook${others && `; there is ${others}`}. ` +
        'Copy it from where the notebook came from. Or run the program that computes it, and write its results there as JSON: ' +
        '{ "about": "what they are, and the command", … }',
    );
  }
  try {
    return JSON.parse(readText(file)) as T;
  } catch (cause) {
    throw new ValueError(
      `recorded: ${file} cannot be read as JSON: ${(cause as Error).message}. Run the program that writes it again`,
      {
        cause,
      },
    );
  }
}
