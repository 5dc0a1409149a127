/** The letters, digits, `_` and `$` around an offset, and where they begin; empty if there are none. */
export function wordAt(source: string, offset: number): { word: string; start: number } {
  const [before] = /[\p{ID_Continue}$]*$/u.exec(source.slice(0, offset)) as RegExpExecArray;
  const [after] = /^[\p{ID_Continue}$]*/u.exec(source.slice(offset)) as RegExpExecArray;
  return { word: before + after, start: offset - before.length };
}
