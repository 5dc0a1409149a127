// Replacements in the text of a cell, and options for TypeScript's language service.
import { LINES_BEFORE } from './cell-file';
import { ts } from './typescript';

/** Replaces the text from `from` to `to`, in UTF-16 units. */
export interface Replacement {
  from: number;
  to: number;
  text: string;
}

/** Why an edit is not possible, for the reader. */
export class EditRefused extends Error {
  override readonly name = 'EditRefused';
}

export function withReplacements(source: string, replacements: readonly Replacement[]): string {
  return replacements
    .toSorted((a, b) => b.from - a.from)
    .reduce((text, { from, to, text: instead }) => text.slice(0, from) + instead + text.slice(to), source);
}

/** Maps offsets in a compiled cell's file to the cell as typed; lines and columns are the same. */
export function offsetsOf(text: string, source: string): (offset: number) => number {
  const starts = [0, ...[...source.matchAll(/\n/g)].map(({ index }) => index + 1)];
  return (offset) => {
    const lines = text.slice(0, offset).split('\n');
    const line = Math.min(lines.length - 1 - LINES_BEFORE, starts.length - 1);
    return Math.min(starts[line] + lines.at(-1)!.length, source.length);
  };
}

/** Indentation as in these cells, or two spaces. */
export function formatOf(cells: readonly string[]): ts.FormatCodeSettings {
  const [, indent = '  '] = /^(\t| {2,8})\S/m.exec(cells.join('\n')) ?? [];
  const isTab = indent === '\t';
  const size = isTab ? 4 : indent.length;
  return { ...ts.getDefaultFormatCodeSettings('\n'), convertTabsToSpaces: !isTab, indentSize: size, tabSize: size };
}

export const preferences: ts.UserPreferences = {
  providePrefixAndSuffixTextForRename: true,
  includeCompletionsForModuleExports: true,
  importModuleSpecifierPreference: 'shortest',
};

/** The first line of an error's message. */
export const messageOf = ({ messageText }: ts.Diagnostic): string =>
  ts.flattenDiagnosticMessageText(messageText, '\n').split('\n')[0];
