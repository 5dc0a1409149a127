// The files of this worker, as texts by path: declarations, and files beside the notebook.
import type { Files } from './protocol';

export class FileTable {
  private readonly texts = new Map<string, string>();
  private readonly versions = new Map<string, number>();
  /** The names in each folder; those of folders end with a slash. */
  private readonly folders = new Map<string, Set<string>>([['/', new Set()]]);

  take(files: Files): void {
    for (const [file, text] of Object.entries(files)) {
      this.versions.set(file, (this.versions.get(file) ?? 0) + 1);
      if (text === null) this.texts.delete(file);
      else this.texts.set(file, text);
      this.note(file, text !== null);
    }
  }

  read(file: string): string | undefined {
    return this.texts.get(file);
  }

  /** Changes when the file changes; empty if it does not exist. */
  stampOf(file: string): string {
    return this.texts.has(file) ? String(this.versions.get(file)) : '';
  }

  isFolder(path: string): boolean {
    return this.folders.has(withSlash(path));
  }

  makeFolder(path: string): void {
    const folder = withSlash(path);
    if (this.folders.has(folder)) return;
    this.folders.set(folder, new Set());
    this.note(folder, true);
  }

  /** The names in a folder. */
  namesIn(path: string): string[] {
    return [...(this.folders.get(withSlash(path)) ?? [])].map((name) => name.replace(/\/$/, ''));
  }

  foldersIn(path: string): string[] {
    return [...(this.folders.get(withSlash(path)) ?? [])].flatMap((name) =>
      name.endsWith('/') ? [name.slice(0, -1)] : [],
    );
  }

  /** All files, by path. */
  get all(): ReadonlyMap<string, string> {
    return this.texts;
  }

  private note(path: string, isThere: boolean): void {
    const at = path.lastIndexOf('/', path.length - 2) + 1;
    const folder = path.slice(0, at);
    if (isThere) {
      this.makeFolder(folder);
      this.folders.get(folder)!.add(path.slice(at));
    } else this.folders.get(folder)?.delete(path.slice(at));
  }
}

const withSlash = (path: string): string => (path.endsWith('/') ? path : `${path}/`);
