// The history of all sessions: a folder with one file per session, a JSON line for each input and result. Only the owner can
// read it, since cells may hold secrets.
import fs from 'node:fs';
import path from 'node:path';
import type { Entry, HistoryStore } from './history';

/** Maximum number of sessions kept. */
const kept = 200;

interface Line {
  line: number;
  input?: string;
  output?: string;
}

export class HistoryFiles implements HistoryStore {
  private ownSession: number | undefined;

  constructor(private readonly folder: string) {}

  /** Created on first use: a kernel that runs nothing writes no file. */
  get session(): number {
    this.ownSession ??= this.begin();
    return this.ownSession;
  }

  /** If writing fails, history is kept only in memory. It must not fail a cell. */
  write(line: Line): void {
    try {
      fs.appendFileSync(this.fileOf(this.session), `${JSON.stringify(line)}\n`);
    } catch {}
  }

  earlier(): Entry[] {
    const { session } = this;
    return this.numbers()
      .filter((number) => number < session)
      .flatMap((number) => this.read(number));
  }

  private begin(): number {
    let next = (this.numbers().at(-1) ?? 0) + 1;
    try {
      fs.mkdirSync(this.folder, { recursive: true, mode: 0o700 });
      // Kernels that start at the same time take different numbers.
      while (!this.take(next)) next += 1;
      for (const old of this.numbers().slice(0, -kept)) fs.rmSync(this.fileOf(old), { force: true });
    } catch {}
    return next;
  }

  private take(session: number): boolean {
    try {
      fs.closeSync(fs.openSync(this.fileOf(session), 'wx', 0o600));
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
      throw error;
    }
  }

  private read(session: number): Entry[] {
    const entries = new Map<number, Entry>();
    for (const text of readLines(this.fileOf(session))) {
      const { line, input, output } = text;
      const entry = entries.get(line);
      if (input !== undefined) entries.set(line, { session, line, input, output: null });
      else if (entry !== undefined && output !== undefined) entry.output = output;
    }
    return [...entries.values()];
  }

  private numbers(): number[] {
    try {
      const names = fs.readdirSync(this.folder).filter((name) => /^\d+\.jsonl$/.test(name));
      return names.map((name) => Number.parseInt(name, 10)).sort((a, b) => a - b);
    } catch {
      return [];
    }
  }

  private fileOf(session: number): string {
    return path.join(this.folder, `${session}.jsonl`);
  }
}

/** A line cut off by a crash is omitted. */
function readLines(file: string): Line[] {
  try {
    const lines = fs.readFileSync(file, 'utf8').split('\n');
    return lines.flatMap((line) => {
      try {
        return [JSON.parse(line) as Line];
      } catch {
        return [];
      }
    });
  } catch {
    return [];
  }
}
