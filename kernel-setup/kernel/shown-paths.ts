// Paths in messages: relative to the notebook, without the machine's folders.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** A folder, and its replacement in texts. */
type Replacement = readonly [folder: RegExp, shown: string];

/** What may not precede a path: characters of a path or an address. */
const start = String.raw`(?<![\w./:~-])(?:file:\/\/)?`;
const packages = /(?<![\w./:~-])(?:file:\/\/)?\/(?:[^\s'"`():]*\/)?(?=node_modules\/)/g;

/** A build of the library or of the kernel; its hash is meaningless to users. */
const builds = /(?:file:\/\/)?(?:[^\s'"`():]*\/)?builds\/(library|kernel)\/[\da-f]{32}(?=\/)/g;

export class ShownPaths {
  private readonly replacements: readonly Replacement[];

  /**
   * @param folder of the notebook
   * @param named replacements of other folders
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

  /**
   * Makes the paths in a text relative to the notebook. Paths outside all known folders remain, because the user typed
   * them.
   */
  in(text: string): string {
    if (!text.includes('/')) return text;
    let shown = text;
    for (const [folder, words] of this.replacements) shown = shown.replace(folder, words);
    return shown
      .replace(packages, '')
      .replace(builds, (_, which: string) => (which === 'library' ? 'gradlab' : 'gradlab-kernel'));
  }

  /** Shortens one path or `file:` address. Outside all known folders, only its end remains. */
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

/** The folders of the notebook's project above it, the nearest first. */
function foldersAbove(folder: string): string[] {
  const home = os.homedir?.();
  const all: string[] = [];
  for (let at = path.dirname(folder); at !== path.dirname(at) && at !== home; at = path.dirname(at)) all.push(at);
  const isProject = (one: string) => ['package.json', '.git'].some((name) => fs.existsSync?.(path.join(one, name)));
  return all.slice(0, all.findLastIndex(isProject) + 1);
}
