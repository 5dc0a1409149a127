import type { Json } from '../process-messages';
import type { Content } from './messages';

/** There is one session: the inputs of earlier runs of the kernel are not kept. */
const SESSION = 1;

interface Entry {
  line: number;
  input: string;
  /** The text of the result. */
  output: string | null;
}

type Query = Content<'history_request'>;

/** The cells that were run, for history requests. */
export class History {
  private readonly entries: Entry[] = [];

  add(line: number, input: string): void {
    this.entries.push({ line, input, output: null });
  }

  /** Adds the result to the newest entry. */
  setOutput(text: Json | undefined): void {
    const newest = this.entries.at(-1);
    if (newest !== undefined && typeof text === 'string') newest.output = text;
  }

  find(query: Query): Json[][] {
    return this.select(query).map(({ line, input, output }) => [SESSION, line, query.output ? [input, output] : input]);
  }

  private select({ hist_access_type: kind, n, session, start, stop, pattern, unique }: Query): Entry[] {
    if (kind === 'tail') return lastOf(this.entries, n);
    if (kind === 'search') {
      const matches = globOf(pattern ?? '*');
      const found = this.entries.filter(({ input }) => matches.test(input));
      return lastOf(unique ? newestOfEach(found) : found, n);
    }
    // 0 is the current session, as well as its number.
    if (session !== undefined && session !== null && session !== 0 && session !== SESSION) return [];
    const end = stop ?? Number.POSITIVE_INFINITY;
    return this.entries.filter(({ line }) => line >= (start ?? 0) && line < end);
  }
}

function lastOf(entries: readonly Entry[], n: number | null | undefined): Entry[] {
  return n === undefined || n === null ? [...entries] : entries.slice(Math.max(entries.length - n, 0));
}

/** Without entries whose input comes again later. */
function newestOfEach(entries: readonly Entry[]): Entry[] {
  const newest = new Map(entries.map((entry) => [entry.input, entry]));
  return entries.filter((entry) => newest.get(entry.input) === entry);
}

/** A shell's pattern: `*`, `?`, and sets of characters in brackets. */
function globOf(pattern: string): RegExp {
  const body = pattern.replace(/\[(!?)([^\]]+)\]|[\s\S]/g, (part, not?: string, set?: string) => {
    if (set !== undefined) return `[${not ? '^' : ''}${set.replace(/[\\^]/g, '\\$&')}]`;
    if (part === '*') return '[\\s\\S]*';
    if (part === '?') return '[\\s\\S]';
    return part.replace(/[.+^${}()|[\]\\]/, '\\$&');
  });
  return new RegExp(`^${body}$`, 'u');
}
