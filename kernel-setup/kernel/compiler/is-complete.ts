import { asCell } from './as-cell';
import { ts } from './typescript';

/** Diagnostics of an open template or comment. */
const UNTERMINATED_TEMPLATE = 1160;
const UNTERMINATED_COMMENT = 1010;

/** A statement that only begins: TypeScript reads `let` as a name, and `export` alone as a mistake. */
const beginning = /(?:^|[;}\n])\s*(?:(?:export\s+)?(?:let|const|var)|export(?:\s+async)?|import)$/;

/** Whether a cell is complete, incomplete, or invalid. */
export function isComplete(
  source: string,
): { status: 'complete' | 'invalid' } | { status: 'incomplete'; indent: string } {
  const { syntaxError: first } = asCell(source);
  const begun = beginning.exec(source.trimEnd());
  if (begun !== null && (first === undefined || first.start >= begun.index))
    return { status: 'incomplete', indent: '  '.repeat(openBrackets(source)) };
  if (first === undefined) return { status: 'complete' };
  const atEnd = first.start >= source.trimEnd().length;
  const expectsMore = atEnd && /expected/.test(ts.flattenDiagnosticMessageText(first.messageText, ' '));
  const open = first.code === UNTERMINATED_TEMPLATE || first.code === UNTERMINATED_COMMENT || expectsMore;
  return open ? { status: 'incomplete', indent: '  '.repeat(openBrackets(source)) } : { status: 'invalid' };
}

/** The number of open brackets, which is the indentation of the next line. */
function openBrackets(source: string): number {
  const scanner = ts.createScanner(ts.ScriptTarget.Latest, true, ts.LanguageVariant.Standard, source);
  const { OpenBraceToken, OpenParenToken, OpenBracketToken } = ts.SyntaxKind;
  const { CloseBraceToken, CloseParenToken, CloseBracketToken, EndOfFileToken } = ts.SyntaxKind;
  let open = 0;
  for (let token = scanner.scan(); token !== EndOfFileToken; token = scanner.scan()) {
    if (token === OpenBraceToken || token === OpenParenToken || token === OpenBracketToken) open += 1;
    if (token === CloseBraceToken || token === CloseParenToken || token === CloseBracketToken) open -= 1;
  }
  return Math.max(open, 0);
}
