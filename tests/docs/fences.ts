// The fenced code blocks of documentation pages, and their kinds.
import fs from 'node:fs';
import path from 'node:path';
import { paths } from '../../kernel-setup/setup/paths.mjs';

/** A block of a page. */
export interface Fence {
  /** The text after the opening marks: `ts run`. */
  kind: string;
  text: string;
  /** The line of its opening mark. */
  line: number;
}

/** A page by its path from the project's folder. */
export interface Page {
  name: string;
  text: string;
  fences: Fence[];
}

export const pageOf = (name: string, text: string): Page => ({ name, text, fences: fencesOf(text) });

const languages = /^(ts|typescript|tsx|jsx)\b/;

/** The kinds that TypeScript on a page may have. */
export const kinds = ['ts run', 'ts types'];

const fencesIn = /^( *)(`{3,})(.*)\n([\s\S]*?)^\1\2 *$/gm;

/** The blocks of a page, in order. */
export function fencesOf(text: string): Fence[] {
  return [...text.matchAll(fencesIn)].map((match) => {
    const [, indent, , kind, body] = match;
    return {
      kind: kind!.trim(),
      text: body!.replace(new RegExp(`^${indent}`, 'gm'), ''),
      line: text.slice(0, match.index).split('\n').length,
    };
  });
}

/** TypeScript blocks marked neither as run nor as types. */
export const unnamed = ({ fences }: Page): string[] =>
  fences
    .filter(({ kind }) => languages.test(kind) && !kinds.includes(kind))
    .map(({ kind, line }) => `line ${line}: "${kind}" is to be one of: ${kinds.join(', ')}`);

/** README and all pages in docs/. */
export function pages(root = paths.root): Page[] {
  const below = fs.readdirSync(path.join(root, 'docs'), { recursive: true, encoding: 'utf8' });
  const names = below.filter((name) => name.endsWith('.md')).map((name) => `docs/${name.split(path.sep).join('/')}`);
  return ['README.md', ...names.sort()].map((name) => pageOf(name, fs.readFileSync(path.join(root, name), 'utf8')));
}

/** The links of a page to files of the project that do not exist. */
export function brokenLinks({ name, text }: Page, root = paths.root): string[] {
  const prose = text.replace(fencesIn, '').replace(/`[^`\n]+`/g, '');
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, address]) => address!.replace(/#.*$/, ''))
    .filter((address) => address !== '' && !/^[a-z]+:/.test(address))
    .filter((address) => !fs.existsSync(path.join(root, path.dirname(name), address)));
}

/** The scripts of package.json that a block's commands call. */
export const scriptsIn = (text: string): string[] => {
  const named = [...text.matchAll(/\bnpm run ([\w:-]+)/g)].map(([, name]) => name!);
  const short = [...text.matchAll(/\bnpm (start|test)\b/g)].map(([, name]) => name!);
  return [...named, ...short];
};
