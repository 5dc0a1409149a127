import type { Converter } from 'tslab/dist/converter';
import { memberAt } from './live';
import type { CompletionList } from './types';

/** The line that tslab puts before each cell; it moves positions by as much, but not all of them back. */
const linesBefore = 'export {};\n';

/** What can stand at the cursor, best first. */
export function complete(converter: Converter, earlier: string, source: string, cursor: number): CompletionList {
  const list = typed(converter, earlier, source, cursor);
  if (list.items.length > 0) return list;
  const member = memberAt(source, cursor);
  if (member === undefined) return list;
  const { from, to, ...live } = member;
  return { from, to, items: [], live };
}

/** What types say. */
function typed(converter: Converter, earlier: string, source: string, cursor: number): CompletionList {
  const { start, end, candidates, original } = converter.complete(earlier, source, cursor);
  const kinds = new Map(original?.entries?.map((entry) => [entry.name, entry.kind as string]));
  const items = candidates.map((text) => ({ text, kind: kinds.get(text) ?? '' }));
  if (start !== end) return { from: Math.min(start, source.length), to: Math.min(end, source.length), items };
  const { from, to } = textToReplace(original as Original | undefined, source, cursor);
  const typed = source.slice(from, cursor).toLowerCase();
  return { from, to, items: items.filter(({ text }) => text.toLowerCase().startsWith(typed)) };
}

interface Span {
  start: number;
  length: number;
}

interface Original {
  optionalReplacementSpan?: Span;
  entries: readonly { replacementSpan?: Span }[];
}

/** What a completion inside a string takes the place of: a key, or the last part of a path. tslab knows of names only. */
function textToReplace(original: Original | undefined, source: string, cursor: number): { from: number; to: number } {
  const part = original?.entries[0]?.replacementSpan;
  const span = part ? { ...part, start: part.start - linesBefore.length } : original?.optionalReplacementSpan;
  if (span !== undefined && span.start <= cursor && cursor <= span.start + span.length)
    return { from: span.start, to: span.start + span.length };
  const [word] = /[\w$]*$/.exec(source.slice(0, cursor))!;
  return { from: cursor - word.length, to: cursor };
}
