import { FormatError, StudyError } from '../errors';
import { crc32 } from '../kernels/crc32';
import { type GrowingFile, inspect, newName, openGrowing } from '../platform';
import { locked } from './journal-lock';

/** @throws {StudyError} if it is not a file. */
function opened(path: string): GrowingFile {
  try {
    return openGrowing(path);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new StudyError(
      `study: the journal ${path} cannot be opened: ${reason}; give a file, which is made if there is none`,
      {
        cause,
      },
    );
  }
}

/** The first line of a journal. */
export interface JournalHead {
  /** The unique name of the study. */
  readonly study: string;
  /** The settings that determine the study. */
  readonly settings: unknown;
}

/** An incomplete line that was removed after the last complete line of a journal. */
export interface Dropped {
  /** Its offset, in bytes. */
  readonly at: number;
  readonly bytes: number;
  /** Its beginning. */
  readonly text: string;
}

/** The version of the line format. */
const version = 1;

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8');

/**
 * Formats one line: the length in bytes and the checksum of an entry, the entry, and a closing brace; without the brace
 * a line is incomplete.
 */
function lineOf(entry: unknown): string {
  const text = JSON.stringify(entry);
  const bytes = encoder.encode(text);
  const checksum = crc32(bytes).toString(16).padStart(8, '0');
  return `{"length":${bytes.length},"crc32":"${checksum}","entry":${text}}\n`;
}

const beginning = /^\{"length":(\d+),"crc32":"([0-9a-f]{8})","entry":/;
const newline = 10;

/** Returns the entry of a line without its newline; `undefined` if it is damaged. */
function entryOf(line: Uint8Array): { entry: unknown } | undefined {
  const text = decoder.decode(line);
  const found = beginning.exec(text);
  if (found === null || !text.endsWith('}')) return undefined;
  // The part before the entry is ASCII: as many bytes as characters.
  const bytes = line.subarray(found[0].length, -1);
  if (bytes.length !== Number(found[1]) || crc32(bytes) !== Number.parseInt(found[2]!, 16)) return undefined;
  return { entry: JSON.parse(text.slice(found[0].length, -1)) };
}

/**
 * The append-only log of a study: a file of JSON lines, each with the length and the checksum of its entry. Several
 * processes may write to one file; each reads the others' entries before it decides. An incomplete line after a crash
 * or on a full disk is removed. Without a file it is kept in memory.
 */
export class Journal<E> {
  /** The line that was removed when the journal was opened, if any. */
  dropped?: Dropped;
  readonly study: string;
  /** Number of bytes read so far. */
  private known = 0;
  /** Entries that were read, but not returned yet. */
  private unread: E[] = [];
  private head: JournalHead | undefined;
  private readonly file: GrowingFile | undefined;
  private isClosed = false;

  /**
   * Opens a journal, or creates one.
   * @param path the file; `undefined` keeps it in memory
   * @param check refuses settings of another study
   * @throws {StudyError} if another process holds it for 30 s; {@link FormatError} if it is not a journal, or damaged
   * before its last line; and errors of `check`. Then nothing changes.
   */
  constructor(
    private readonly path: string | undefined,
    settings: unknown,
    check: (settings: unknown) => void,
  ) {
    if (path === undefined) {
      this.study = newName();
      return;
    }
    const file = opened(path);
    this.file = file;
    try {
      this.study = locked(`${path}.lock`, () => {
        this.read(file);
        this.head ??= this.begin(file, settings);
        check(this.head.settings);
        return this.head.study;
      });
    } catch (error) {
      this.close();
      throw error;
    }
  }

  /**
   * Runs `body` while no other process does so for this journal. It gets the new entries, and a function that appends
   * entries; with `keep`, they and all before are flushed to the disk, so that they survive a crash of the machine.
   */
  exclusively<T>(body: (entries: E[], append: (entries: readonly E[], keep: boolean) => void) => T): T {
    const { path, file } = this;
    if (path === undefined || file === undefined) return body([], () => {});
    if (this.isClosed)
      throw new StudyError(`study: the journal ${path} is closed; go on with tuner.study, which opens it again`);
    return locked(`${path}.lock`, () => {
      this.read(file);
      return body(this.unread.splice(0), (entries, keep) => this.append(file, entries, keep));
    });
  }

  /** Releases the file. */
  close(): void {
    if (!this.isClosed) this.file?.close();
    this.isClosed = true;
  }

  private begin(file: GrowingFile, settings: unknown): JournalHead {
    const head = { study: newName(), settings };
    this.append(file, [{ journal: version, ...head }], true);
    return head;
  }

  private append(file: GrowingFile, entries: readonly unknown[], keep: boolean): void {
    const bytes = encoder.encode(entries.map(lineOf).join(''));
    file.append(bytes, keep);
    this.known += bytes.length;
  }

  /** Reads new entries from the file; removes an incomplete last line. */
  private read(file: GrowingFile): void {
    const bytes = file.readFrom(this.known);
    let torn: number | undefined;
    for (let at = 0; at < bytes.length; ) {
      const end = bytes.indexOf(newline, at);
      const whole = end < 0 ? undefined : entryOf(bytes.subarray(at, end));
      if (whole === undefined) torn ??= at;
      else if (torn !== undefined)
        throw this.damaged(
          this.known + torn,
          'and whole lines follow; restore the file from a copy, or remove that line',
        );
      else if (this.known + at === 0) this.takeHead(whole.entry);
      else this.unread.push(whole.entry as E);
      at = end < 0 ? bytes.length : end + 1;
    }
    if (torn !== undefined) this.drop(file, this.known + torn, bytes.subarray(torn));
    this.known += torn ?? bytes.length;
  }

  private takeHead(entry: unknown): void {
    const { journal, study, settings } = (entry ?? {}) as Partial<JournalHead> & { journal?: unknown };
    if (typeof study !== 'string' || journal === undefined) throw this.damaged(0, 'it is not a journal of a study');
    if (journal !== version)
      throw new FormatError(
        `${this.path}: a journal of version ${inspect(journal)}, this gradlab reads version ${version}; update gradlab`,
      );
    this.head = { study, settings };
  }

  private drop(file: GrowingFile, at: number, bytes: Uint8Array): void {
    const text = decoder.decode(bytes.subarray(0, 60));
    // A file that is not a journal must not be truncated as an incomplete line.
    if (at === 0 && !text.startsWith('{"length":'.slice(0, text.length)))
      throw this.damaged(0, 'it is not a journal of a study; name another file');
    file.cut(at);
    this.dropped = { at, bytes: bytes.length, text };
  }

  private damaged(at: number, what: string): FormatError {
    return new FormatError(`${this.path}: byte ${at} does not begin a whole line of a journal, ${what}`);
  }
}
