// The files of JupyterLite that cells ask for: what they import is handed to the kernel's workers before a cell runs, for these
// load without waiting; any other file is read, and written, when a cell wants it.

import type { Contents, FileModel } from './contents';

const drive = '/drive/notebooks/';
/** What cells import. */
const isSource = /\.([cm]?[jt]sx?|json)$/;
/** Files of a notebook that only cells in its folder read. */
const isOfNotebook = /\.((predictions|recorded)\.json|exercises\.js)$/;
/** Paths as code has them, from ./ or ../ on. */
const writtenPath = /(["'`])(\.{1,2}(?:\/[^"'`\n]*)?)\1/g;

const folderOf = (path: string) => path.replace(/(^|\/)[^/]*$/, '');

/** A path from the root on, which is ''; `undefined` above it. */
function resolved(folder: string, path: string): string | undefined {
  const parts = folder === '' ? [] : folder.split('/');
  for (const part of path.split('/')) {
    if (part === '..' && parts.pop() === undefined) return undefined;
    if (!['', '.', '..'].includes(part)) parts.push(part);
  }
  return parts.join('/');
}

/** Texts by path; `null` for a file that is gone. */
export type Changes = Record<string, string | null>;

/** The folder of a notebook, and those that its code and the files in them name. */
export class Folder {
  private isOutdated = true;
  /** When files were last modified that have been handed over. */
  private readonly known = new Map<string, string>();
  private readonly wanted: Set<string>;
  private readonly outdate = (): void => {
    this.isOutdated = true;
  };

  constructor(
    private readonly contents: Contents,
    private readonly folder: string,
  ) {
    // In each folder above there may be claims.json.
    this.wanted = new Set([folder, '']);
    for (let above = folderOf(folder); above !== ''; above = folderOf(above)) this.wanted.add(above);
    contents.fileChanged.connect(this.outdate);
    // Another tab may have changed them.
    addEventListener('focus', this.outdate);
  }

  dispose(): void {
    this.contents.fileChanged.disconnect(this.outdate);
    removeEventListener('focus', this.outdate);
  }

  /** Texts by path of what has changed since the last call, `null` for what is gone. @param code that is about to run */
  async changes(code = ''): Promise<Changes> {
    const before = this.wanted.size;
    this.note(code, this.folder);
    if (!this.isOutdated && this.wanted.size === before) return {};
    this.isOutdated = false;
    try {
      return await this.compare();
    } catch (error) {
      this.outdate();
      throw error;
    }
  }

  private async compare(): Promise<Changes> {
    const files: Changes = {};
    const there = new Set<string>();
    // More may be wanted on the way.
    for (const folder of this.wanted) {
      const read = async ({ path, last_modified: time }: FileModel) => {
        there.add(path);
        if (this.known.get(path) === time) return;
        const text = new TextDecoder().decode(await this.contentOf(path));
        this.known.set(path, time);
        files[drive + path] = text;
        this.note(text, folder);
      };
      for (const result of await Promise.allSettled((await this.sourcesIn(folder)).map(read))) {
        if (result.status === 'fulfilled') continue;
        console.warn(`gradlab-kernel: a file beside the notebook cannot be read: ${result.reason}`);
        this.outdate(); // the next look tries again
      }
    }
    for (const path of this.known.keys())
      if (!there.has(path)) {
        this.known.delete(path);
        files[drive + path] = null;
      }
    return files;
  }

  /** Folders that a text names: a path may be one itself. */
  private note(text: string, folder: string): void {
    for (const [, , path] of text.matchAll(writtenPath)) {
      const whole = resolved(folder, path!);
      if (whole === undefined) continue;
      this.wanted.add(folderOf(whole));
      if (!/\.\w+$/.test(whole)) this.wanted.add(whole);
    }
  }

  private async sourcesIn(folder: string): Promise<FileModel[]> {
    const isWanted = ({ name }: FileModel) =>
      isSource.test(name) && (folder === this.folder || !isOfNotebook.test(name));
    return (await this.filesIn(folder)).filter(isWanted);
  }

  private async filesIn(folder: string): Promise<FileModel[]> {
    try {
      const { type, content } = await this.contents.get(folder, { content: true });
      return type === 'directory' ? (content as FileModel[]).filter((model) => model.type !== 'directory') : [];
    } catch {
      return []; // there is none
    }
  }

  /** A file's bytes, by the path that cells know; `undefined` if there is none. */
  async read(path: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
    const name = path.startsWith(drive) ? path.slice(drive.length) : undefined;
    const isThere = name !== undefined && (await this.filesIn(folderOf(name))).some((model) => model.path === name);
    return isThere ? this.contentOf(name) : undefined;
  }

  /** Writes a file atomically, by the path that cells know. @param makesFolders whether to make its folders, too */
  async write(path: string, bytes: Uint8Array, makesFolders: boolean): Promise<undefined> {
    if (!path.startsWith(drive)) throw new Error("files are written to the notebook's folder and those beside it");
    const name = path.slice(drive.length);
    await this.requireFolder(folderOf(name), makesFolders);
    let text = '';
    for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
    await this.contents.save(name, { type: 'file', format: 'base64', content: btoa(text) });
  }

  private modelOf(path: string): Promise<Partial<FileModel>> {
    return this.contents.get(path, { content: false }).catch(() => ({}));
  }

  private async requireFolder(folder: string, isMade: boolean): Promise<void> {
    const { type } = folder === '' ? { type: 'directory' } : await this.modelOf(folder);
    if (type === 'directory') return;
    if (type !== undefined) throw new Error(`${folder} is a file, no folder`);
    if (!isMade) throw new Error('there is no such folder');
    await this.requireFolder(folderOf(folder), isMade);
    await this.contents.save(folder, { type: 'directory', format: 'json', content: '' });
  }

  private async contentOf(path: string): Promise<Uint8Array<ArrayBuffer>> {
    const { content, format } = await this.contents.get(path, { content: true });
    if (format !== 'base64')
      return new TextEncoder().encode(typeof content === 'string' ? content : JSON.stringify(content, null, 1));
    const text = atob(content as string);
    const bytes = new Uint8Array(text.length);
    for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
    return bytes;
  }
}
