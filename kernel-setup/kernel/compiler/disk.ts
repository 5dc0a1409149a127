import path from 'node:path';
import type { Platform } from './platform';
import { ts } from './typescript';

interface WatchedFile {
  report: ts.FileWatcherCallback;
  stamp: string;
}

interface WatchedFolder {
  folder: string;
  report: ts.DirectoryWatcherCallback;
  names: ReadonlySet<string>;
}

/**
 * In place of the operating system's watchers, whose reports come after the cell that needs them: looks at the files and
 * folders the compiler is interested in, just before each cell.
 */
export class Disk {
  private readonly files = new Map<string, WatchedFile>();
  private readonly folders = new Set<WatchedFolder>();

  constructor(private readonly platform: Platform) {}

  readonly watchFile: NonNullable<ts.System['watchFile']> = (file, report) => {
    const { isOfPackage, stampOf } = this.platform;
    if (!isOfPackage(file)) this.files.set(file, { report, stamp: stampOf(file) });
    return { close: () => this.files.delete(file) };
  };

  readonly watchDirectory: NonNullable<ts.System['watchDirectory']> = (folder, report) => {
    const watched = { folder, report, names: this.namesIn(folder) };
    this.folders.add(watched);
    return { close: () => this.folders.delete(watched) };
  };

  /** Reports what has changed since the last look. */
  look(): void {
    for (const [file, watched] of this.files) {
      const stamp = this.platform.stampOf(file);
      if (stamp === watched.stamp) continue;
      const { Created, Changed, Deleted } = ts.FileWatcherEventKind;
      const kind = stamp === '' ? Deleted : watched.stamp === '' ? Created : Changed;
      watched.stamp = stamp;
      watched.report(file, kind);
    }
    for (const watched of this.folders) {
      const { names: before, folder } = watched;
      watched.names = this.namesIn(folder);
      for (const name of new Set([...before, ...watched.names]))
        if (before.has(name) !== watched.names.has(name)) watched.report(path.join(folder, name));
    }
  }

  private namesIn(folder: string): ReadonlySet<string> {
    return new Set(this.platform.namesIn(folder));
  }
}
