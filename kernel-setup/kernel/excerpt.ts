export const red = (text: string): string => `\u001b[31m${text}\u001b[39m`;
export const grey = (text: string): string => `\u001b[90m${text}\u001b[39m`;

/** Maximum characters of a line shown, and how many of them are before the error. */
const widest = 120;
const ahead = 40;

/**
 * A few lines of source with the error marked, which begins at `column` and has `length` characters. Long lines are cut
 * around it.
 */
export function excerptAt(lines: readonly string[], line: number, column: number, length: number): string[] {
  const first = Math.max(line - 2, 1);
  const last = Math.min(line + 1, lines.length);
  const width = String(last).length;
  const start = Math.max(Math.min(column - 1 - ahead, lines[line - 1].length - widest), 0);
  const end = start + widest;
  const dots = start > 0 ? 1 : 0;
  const part = (text: string) =>
    `${dots && text !== '' ? '…' : ''}${text.slice(start, end)}${text.length > end ? '…' : ''}`;
  const shown: string[] = [];
  for (let n = first; n <= last; n++) {
    const text = `${String(n).padStart(width)} | ${part(lines[n - 1])}`;
    shown.push(n === line ? `${red('>')} ${text}` : grey(`  ${text}`));
    if (n !== line) continue;
    const before = ' '.repeat(Math.max(column - 1 - start, 0) + dots);
    const mark = '^'.repeat(Math.max(Math.min(length, end - column + 1), 1));
    shown.push(`  ${' '.repeat(width)} | ${before}${red(mark)}`);
  }
  return shown;
}
