export const red = (text: string): string => `\u001b[31m${text}\u001b[39m`;
export const grey = (text: string): string => `\u001b[90m${text}\u001b[39m`;

/** A few lines of source with one marked: what is at fault begins at `column` and has `length` characters. */
export function excerptAt(lines: readonly string[], line: number, column: number, length: number): string[] {
  const first = Math.max(line - 2, 1);
  const last = Math.min(line + 1, lines.length);
  const width = String(last).length;
  const shown: string[] = [];
  for (let n = first; n <= last; n++) {
    const text = `${String(n).padStart(width)} | ${lines[n - 1]}`;
    shown.push(n === line ? `${red('>')} ${text}` : grey(`  ${text}`));
    if (n !== line) continue;
    const before = ' '.repeat(Math.max(column - 1, 0));
    shown.push(`  ${' '.repeat(width)} | ${before}${red('^'.repeat(Math.max(length, 1)))}`);
  }
  return shown;
}
