// Completion and documentation of names.
import type { Compiler } from '../compiler/types';
import type { Request } from './channels';
import type { Content } from './messages';
import type { Parts } from './parts';
import { toPoints, toUnits } from './positions';

/** TypeScript's kinds in the words for which front ends have icons. */
const kinds: Record<string, string> = {
  var: 'variable',
  let: 'variable',
  const: 'constant',
  'local var': 'variable',
  parameter: 'variable',
  'local function': 'function',
  getter: 'property',
  setter: 'property',
  accessor: 'property',
  alias: 'module',
  script: 'file',
  directory: 'folder',
  'local class': 'class',
};

export async function complete(
  compiler: Promise<Compiler>,
  { content }: Request<'complete_request'>,
): Promise<Content<'complete_reply'>> {
  const { code, cursor_pos: cursor } = content;
  const { from, to, items } = (await compiler).complete(code, offsetOf(code, cursor));
  const [start, end] = [toPoints(code, from), toPoints(code, to)];
  return {
    status: 'ok',
    matches: items.map(({ text }) => text),
    cursor_start: start,
    cursor_end: end,
    metadata: {
      _jupyter_types_experimental: items.map(({ text, kind }) => ({ text, type: kinds[kind] ?? kind, start, end })),
    },
  };
}

export async function inspect(
  { compiler, cells }: Parts,
  { content }: Request<'inspect_request'>,
): Promise<Content<'inspect_reply'>> {
  const { code, cursor_pos: cursor } = content;
  const found = (await compiler).inspect(code, offsetOf(code, cursor));
  if (found === null) return { status: 'ok', found: false, data: {}, metadata: {} };
  const { name, signature, documentation, isCellVariable } = found;
  const value = isCellVariable ? await cells.summarize(name) : null;
  const markdown = [`\`\`\`ts\n${signature}\n\`\`\``, documentation, value && `\`\`\`text\n${value}\n\`\`\``];
  const plain = [signature, documentation, value];
  const join = (parts: (string | null)[]) => parts.filter(Boolean).join('\n\n');
  return {
    status: 'ok',
    found: true,
    data: { 'text/plain': join(plain), 'text/markdown': join(markdown) },
    metadata: {},
  };
}

/** The cursor in UTF-16 units; it may be missing or lie outside the text. */
const offsetOf = (code: string, cursor: number | null | undefined) => toUnits(code, cursor ?? Number.POSITIVE_INFINITY);
