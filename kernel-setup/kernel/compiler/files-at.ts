// Completion of paths in strings.
import path from 'node:path';
import { parse } from './parse';
import type { Platform } from './platform';
import type { CompletionList } from './types';
import { ts } from './typescript';

/** Completions for the path in the string at the cursor; undefined outside strings. */
export function filesAt(source: string, cursor: number, platform: Platform): CompletionList | undefined {
  const start = startOfString(source, cursor);
  if (start === undefined) return undefined;
  const typed = source.slice(start, cursor);
  const name = typed.slice(typed.lastIndexOf('/') + 1);
  const folder = path.resolve(platform.folder, typed.slice(0, typed.length - name.length));
  const items = platform
    .namesIn(folder)
    .filter((file) => file.startsWith(name) && (name.startsWith('.') || !file.startsWith('.')))
    .sort()
    .map((file) => {
      const isFolder = platform.namesIn(path.join(folder, file)).length > 0;
      return { text: isFolder ? `${file}/` : file, kind: isFolder ? 'directory' : 'script' };
    });
  return { from: cursor - name.length, to: cursor, items };
}

/** The start of the string that contains the cursor. */
function startOfString(source: string, cursor: number): number | undefined {
  const file = parse(source);
  let found: number | undefined;
  const visit = (node: ts.Node): void => {
    if (cursor < node.pos || cursor > node.end) return;
    if (ts.isStringLiteralLike(node)) {
      const start = node.getStart(file) + 1;
      const isClosed = node.end > start && source[node.end - 1] === source[start - 1];
      if (cursor >= start && cursor <= (isClosed ? node.end - 1 : node.end)) found = start;
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}
