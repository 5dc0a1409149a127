// Paths as messages show them: as the notebook sees them, without the folders of one machine.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** A folder, and what a text shows in its place. */
type Replacement = readonly [folder: RegExp, shown: string];

/** Before a path: what cannot be a part of it or of an address. */
const start = String.raw`(?<![\w./:~-])(?:file:\/\/)?`;
const packages = /(?<![\w./:~-])(?:file:\/\/)?\/(?:[^\s'"`():]*\/)?(?=node_modules\/)/g;

/** A build of the library or of the kernel, of which no name says anything to a person. */
const builds = /(?:file:\/\/)?(?:[^\s'"`():]*\/)?builds\/(library|kernel)\/[\da-f]{32}(?=\/)/g;

export class ShownPaths {
  private readonly replacements: readonly Replacement[];

  /**
   * @param folder of the notebook
   * @param named other folders, by what a text shows in their place
   */
  constructor(
    readonly folder: string,
    named: Readonly<Record<string, string>> = {},
  ) {
    const own = Object.entries(named).map(([one, shown]) => below(one, `${shown}/`));
    const { root } = path.parse(folder);
    if (folder === root) {
      this.replacements = own;
      return;
    }
    const above = foldersAbove(folder).map((one, i) => below(one, '../'.repeat(i + 1)));
    const home = os.homedir?.();
    this.replacements = [
      ...own,
      below(folder, ''),
      [new RegExp(`${start}${escaped(folder)}(?![\\w./-])`, 'g'), '.'],
      ...above,
      ...(home && home !== path.parse(home).root ? [below(home, '…/')] : []),
    ];
  }

  /** A text with its paths as the notebook sees them. Those outside of all known folders stay: somebody has typed them. */
  in(text: string): string {
    if (!text.includes('/')) return text;
    let shown = text;
    for (const [folder, words] of this.replacements) shown = shown.replace(folder, words);
    return shown
      .replace(packages, '')
      .replace(builds, (_, which: string) => (which === 'library' ? 'gradlab' : 'gradlab-kernel'));
  }

  /** A path or `file:` address alone: of what is outside of all known folders, the end. */
  of(file: string): string {
    const shown = this.in(file);
    const outside = /^(?:file:\/\/)?(\/.+)$/.exec(shown)?.[1];
    return outside === undefined ? shown : `…/${outside.split('/').slice(-2).join('/')}`;
  }
}

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
const below = (folder: string, shown: string): Replacement => [
  new RegExp(`${start}${escaped(folder.replace(/\/$/, ''))}/`, 'g'),
  shown,
];

/** The folders above the notebook that belong to its project, the nearest first. */
function foldersAbove(folder: string): string[] {
  const home = os.homedir?.();
  const all: string[] = [];
  for (let at = path.dirname(folder); at !== path.dirname(at) && at !== home; at = path.dirname(at)) all.push(at);
  const isProject = (one: string) => ['package.json', '.git'].some((name) => fs.existsSync?.(path.join(one, name)));
  return all.slice(0, all.findLastIndex(isProject) + 1);
}
