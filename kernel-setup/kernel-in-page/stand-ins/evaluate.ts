/** Evaluated sources by their name in the engine: the real name, and the columns of the first line before the source. */
const sources = new Map<string, { file: string; before: number }>();

/** V8 ignores a sourceURL with a space, so `Cell [3]` is `Cell_[3]` in the engine. */
export function functionOf(head: string, text: string, file: string): unknown {
  const name = file.replace(/[\s'"]/g, '_');
  sources.set(name, { file, before: head.length });
  const js = text.replace(/\n\/\/# sourceMappingURL=\S+/, '');
  // biome-ignore lint/complexity/noCommaOperator: evaluated like this it sees global names only
  // biome-ignore lint/security/noGlobalEval: to run what the reader has typed is what a kernel is for
  return (0, eval)(`${head}${js}\n//# sourceURL=${name}`);
}

/** A line of a stack trace with the real names and positions of evaluated code. */
export const withNames = (line: string): string =>
  line.replace(/([^\s()]+):(\d+):(\d+)(?=\)?$)/, (place, name: string, row: string, column: string) => {
    const source = sources.get(name);
    if (source === undefined) return place;
    return `${source.file}:${row}:${row === '1' ? Number(column) - source.before : column}`;
  });
