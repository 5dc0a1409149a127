import type { Json } from '../process-messages';
import type { Content } from './messages';

export interface Entry {
  session: number;
  line: number;
  input: string;
  /** The text of the result. */
  output: string | null;
}

/** Storage of inputs across runs of the kernel. */
export interface HistoryStore {
  /** The number of this run. */
  readonly session: number;
  write(line: { line: number; input?: string; output?: string }): void;
  /** The entries of earlier runs, oldest first. */
  earlier(): Entry[];
}

/** Stores nothing. */
const noStore: HistoryStore = { session: 1, write: () => {}, earlier: () => [] };

type Query = Content<'history_request'>;

/** The cells that were run, for history requests. */
export class History {
  private readonly entries: Entry[] = [];
  private earlierEntries: readonly Entry[] | undefined;

  constructor(private readonly store: HistoryStore = noStore) {}

  add(line: number, input: string): void {
    this.entries.push({ session: this.store.session, line, input, output: null });
    this.store.write({ line, input });
  }

  /** Adds the result to the newest entry. */
  setOutput(text: Json | undefined): void {
    const newest = this.entries.at(-1);
    if (newest === undefined || typeof text !== 'string') return;
    newest.output = text;
    this.store.write({ line: newest.line, output: text });
  }

  find(query: Query): Json[][] {
    const found = this.select(query);
    return found.map(({ session, line, input, output }) => [session, line, query.output ? [input, output] : input]);
  }

  private all(): Entry[] {
    this.earlierEntries ??= this.store.earlier();
    return [...this.earlierEntries, ...this.entries];
  }

  private select({ hist_access_type: kind, n, session, start, stop, pattern, unique }: Query): Entry[] {
    if (kind === 'tail') return lastOf(this.all(), n);
    if (kind === 'search') {
      const matches = globOf(pattern ?? '*');
      const found = this.all().filter(({ input }) => matches.test(input));
      return lastOf(unique ? newestOfEach(found) : found, n);
    }
    // Numbers up to 0 count back from the current session.
    const wanted = (session ?? 0) > 0 ? session : this.store.session + (session ?? 0);
    const end = stop ?? Number.POSITIVE_INFINITY;
    return this.all().filter((entry) => entry.session === wanted && entry.line >= (start ?? 0) && entry.line < end);
  }
}

function lastOf(entries: readonly Entry[], n: number | null | undefined): Entry[] {
  return n === undefined || n === null ? [...entries] : entries.slice(Math.max(entries.length - n, 0));
}

/** Omits entries whose input occurs again later. */
function newestOfEach(entries: readonly Entry[]): Entry[] {
  const newest = new Map(entries.map((entry) => [entry.input, entry]));
  return entries.filter((entry) => newest.get(entry.input) === entry);
}

/** A glob pattern: `*`, `?`, and character sets in brackets. */
function globOf(pattern: string): RegExp {
  const body = pattern.replace(/\[(!?)([^\]]+)\]|[\s\S]/g, (part, not?: string, set?: string) => {
    if (set !== undefined) return `[${not ? '^' : ''}${set.replace(/[\\^]/g, '\\$&')}]`;
    if (part === '*') return '[\\s\\S]*';
    if (part === '?') return '[\\s\\S]';
    return part.replace(/[.+^${}()|[\]\\]/, '\\$&');
  });
  return new RegExp(`^${body}$`, 'u');
}
