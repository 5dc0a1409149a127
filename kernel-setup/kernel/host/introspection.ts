// Completion, documentation, and proposed edits of cells.
import type { Argument, Completion } from '../compiler/types';
import type { LiveMember } from '../process-messages';
import { wordAt } from '../word-at';
import type { Request } from './channels';
import type { Content } from './messages';
import type { Parts } from './parts';
import { toPoints, toUnits } from './positions';

/** Front ends' icon names by TypeScript's kinds. */
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
  { compiler, cells }: Parts,
  { content }: Request<'complete_request'>,
): Promise<Content<'complete_reply'>> {
  const { code, cursor_pos: cursor } = content;
  const { from, to, live, ...typed } = await compiler.ask('complete', code, offsetOf(code, cursor));
  const items =
    live === undefined ? typed.items : fitting(await cells.members(live.of), live.quoted, code.slice(from, to));
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

/** The members that complete the typed text: only identifiers after a dot, every key in quotes. */
function fitting(members: readonly LiveMember[], quoted: boolean, typed: string): Completion[] {
  const start = typed.toLowerCase();
  return members
    .filter(({ name, isMethod }) => (quoted ? !isMethod : isName.test(name)) && name.toLowerCase().startsWith(start))
    .map(({ name, isMethod }) => ({ text: name, kind: isMethod ? 'method' : 'property' }));
}

const isName = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u;

export async function inspect(
  { compiler, cells }: Parts,
  { content }: Request<'inspect_request'>,
): Promise<Content<'inspect_reply'>> {
  const { code: source, cursor_pos: cursor } = content;
  const offset = offsetOf(source, cursor);
  // Both processes work concurrently; the compiler, which takes longer, decides which name it is.
  const inspection = compiler.ask('inspect', source, offset, (content.detail_level ?? 0) > 0);
  const guess = nameAt(source, offset);
  const summary = guess === undefined ? null : cells.summarize(guess);
  const found = await inspection;
  if (found === null) return { status: 'ok', found: false, data: {}, metadata: {} };
  const { name, signature, documentation, source: declaring, isCellVariable, live, call, argument } = found;
  const summarized = () => (name === guess ? summary : cells.summarize(name));
  const value = isCellVariable ? await summarized() : live && (await cells.summarizeLive(live));
  const code = (language: string, text: string) => `\`\`\`${language}\n${text}\n\`\`\``;
  const around = call && [code('ts', call.signature), call.documentation];
  const about = argument === undefined ? [] : wordsOn(argument);
  const markdown = [
    ...about,
    code('ts', signature),
    documentation,
    declaring && code('ts', declaring),
    value && code('text', value),
    ...(around ?? []),
  ];
  const plain = [
    ...about.map((line) => line.replaceAll('`', '')),
    signature,
    documentation,
    declaring,
    value,
    call?.signature,
    call?.documentation,
  ];
  const join = (parts: (string | null | undefined)[]) => parts.filter(Boolean).join('\n\n');
  return {
    status: 'ok',
    found: true,
    data: { 'text/plain': join(plain), 'text/markdown': join(markdown) },
    metadata: {},
  };
}

/** The name at the cursor, or just before it, unless it is a member. */
function nameAt(source: string, offset: number): string | undefined {
  const { word, start } = wordAt(source, offset);
  return word === '' || source[start - 1] === '.' ? undefined : word;
}

/** Documentation of the parameter at the cursor, with the matching overload if there are several. */
function wordsOn({ call, overload, parameter, documentation }: Argument): string[] {
  const signature = overload === undefined ? [] : [`\`${call}\` (${overload.number} of ${overload.of})`];
  return [...signature, `→ \`${parameter}\`${documentation === '' ? '' : ` – ${documentation}`}`];
}

export async function edit({ compiler }: Parts, { content }: Request<'edit_request'>): Promise<Content<'edit_reply'>> {
  const done = await compiler.ask('edit', content);
  if (!('refused' in done)) return { status: 'ok', ...done };
  return { status: 'error', ename: 'EditRefused', evalue: done.refused, traceback: [`EditRefused: ${done.refused}`] };
}

/** The cursor in UTF-16 units. It may be missing or out of range. */
const offsetOf = (code: string, cursor: number | null | undefined) => toUnits(code, cursor ?? Number.POSITIVE_INFINITY);
