import { type MimeBundle, RichOutput } from '../display';
import { escapeHtml } from '../display/rich';

/** Rows of strings with a header; shows as a table in a notebook, and as columns in a terminal. */
export class TextTable extends RichOutput {
  constructor(
    /** The names of the columns. */
    readonly head: readonly string[],
    /** The cells, row by row. */
    readonly rows: readonly (readonly string[])[],
    /** The line above the table. Empty: none. */
    readonly caption: string = '',
  ) {
    super();
  }

  /** The table in Markdown. */
  markdown(): string {
    const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
    return [line(this.head), `|${' --- |'.repeat(this.head.length)}`, ...this.rows.map(line)].join('\n');
  }

  mimeBundle(): MimeBundle {
    const { head, rows, caption } = this;
    const widths = head.map((name, i) => Math.max(name.length, ...rows.map((row) => row[i]!.length)));
    const line = (cells: readonly string[]) =>
      cells
        .map((cell, i) => cell.padEnd(widths[i]!))
        .join('  ')
        .trimEnd();
    const text = [...(caption ? [caption] : []), line(head), ...rows.map(line)].join('\n');
    const left = 'style="text-align: left"';
    const cells = (row: readonly string[], tag: string) =>
      `<tr>${row.map((cell) => `<${tag} ${left}>${escapeHtml(cell)}</${tag}>`).join('')}</tr>`;
    const title = caption ? `<caption>${escapeHtml(caption)}</caption>` : '';
    const html = `<table>${title}<thead>${cells(head, 'th')}</thead><tbody>${rows.map((row) => cells(row, 'td')).join('')}</tbody></table>`;
    return { 'text/html': html, 'text/plain': text };
  }
}
