import type { Converter } from 'tslab/dist/converter';
import { callAt } from './call-at';
import type { Inspection } from './types';
import { ts } from './typescript';

/** Declaration and documentation of the name at the cursor, or just before it, and of the call around it. */
export function inspect(
  converter: Converter,
  earlier: string,
  source: string,
  cursor: number,
  isCellVariable: (name: string) => boolean,
): Inspection | null {
  const named = at(converter, earlier, source, cursor) ?? at(converter, earlier, source, cursor - 1);
  const called = callAt(source, cursor, named === null);
  const call = called === undefined ? null : at(converter, earlier, source, called);
  const info = named ?? call;
  if (info === null) return null;
  const { start, length } = info.textSpan;
  const name = source.slice(start, start + length);
  return {
    name,
    ...described(info),
    isCellVariable: isCellVariable(name) && !/[.?]\s*$/.test(source.slice(0, start)),
    call: call === null || call.textSpan.start === start ? undefined : described(call),
  };
}

const described = (info: ts.QuickInfo) => ({
  signature: ts.displayPartsToString(info.displayParts),
  documentation: documentationOf(info),
});

function at(converter: Converter, earlier: string, source: string, position: number): ts.QuickInfo | null {
  if (position < 0) return null;
  const info = converter.inspect(earlier, source, position) as ts.QuickInfo | undefined;
  if (info === undefined) return null;
  // A blank place belongs to the cell as a whole, which is a module.
  return wholeCell.test(ts.displayPartsToString(info.displayParts)) ? null : info;
}

const wholeCell = /^module ".*__tslab__"$/;

/** Markdown: the description, then one line or block for each tag. */
function documentationOf({ documentation, tags }: ts.QuickInfo): string {
  const description = plain(ts.displayPartsToString(documentation));
  const blocks = (tags ?? []).map(({ name, text }) => {
    const content = plain(ts.displayPartsToString(text)).trim();
    if (name === 'example') return `Example:\n\`\`\`ts\n${content.replace(/^```\w*\n|\n```$/g, '')}\n\`\`\``;
    if (name !== 'param') return `*@${name}* ${content}`.trim();
    const [, parameter, rest] = /^(\S+)\s*([\s\S]*)$/.exec(content) ?? ['', content, ''];
    return `*@param* \`${parameter}\` ${rest.replace(/^[-–—]\s*/, '')}`.trim();
  });
  return [description, ...blocks].filter((part) => part !== '').join('\n\n');
}

/** `{@link Tensor}` as `Tensor`. */
const plain = (text: string) =>
  text.replace(/\{@(?:link|linkcode|linkplain)\s+([^}\s|]+)[^}]*\}/g, (_, target: string) => `\`${target}\``);
