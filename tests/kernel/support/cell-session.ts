import fs from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import type { Compiler, Diagnostic } from '../../../kernel-setup/kernel/compiler/types';
import type { CellProcess, CellProcessEvents } from '../../../kernel-setup/kernel/host/cell-process';
import type { ErrorReport, FromCells, MimeBundle } from '../../../kernel-setup/kernel/process-messages';
import { buildIfStale } from '../../../kernel-setup/setup/build.mjs';
import { paths } from '../../../kernel-setup/setup/paths.mjs';

/** What became of a cell. */
export interface Ran {
  /** `Cell [n]`. */
  file: string;
  ok: boolean;
  /** Why it was not run. */
  diagnostics: Diagnostic[];
  /** Its last value, if it has one. */
  data?: MimeBundle;
  error?: ErrorReport;
  /** All it wrote, in order, until it ended. */
  output: string;
}

type Message<T extends FromCells['type']> = Extract<FromCells, { type: T }>;

/** Builds the kernel if it must be, and gives its modules. */
export async function builtKernel(): Promise<<T>(module: string) => T> {
  await buildIfStale(paths, process.env, 'kernel');
  const load = createRequire(path.join(paths.kernelBuild, 'x.js'));
  return (module) => load(`./${module}`);
}

/** A compiler and a process of cells, as the kernel's host has them, in a folder of their own. */
export class CellSession {
  /** What was written to the descriptors behind JavaScript's back. */
  native = '';
  readonly deaths: Parameters<CellProcessEvents['onDeath']>[0][] = [];
  private count = 0;
  private context = 0;
  private readonly messages: FromCells[] = [];
  private readonly listeners = new Set<() => void>();
  private readonly started = new Map<number, { file: string; remember(reached?: readonly string[]): void }>();
  private process!: CellProcess;

  private constructor(
    readonly folder: string,
    readonly compiler: Compiler,
  ) {}

  /** @param files to write into the session's folder first */
  static async start(files: Readonly<Record<string, string>> = {}): Promise<CellSession> {
    const load = await builtKernel();
    const folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'gradlab-cells-')));
    process.chdir(folder);
    const { createCompiler } = load<typeof import('../../../kernel-setup/kernel/compiler/index')>('compiler/index.js');
    const session = new CellSession(folder, createCompiler());
    session.write(files);
    const { CellProcess } =
      load<typeof import('../../../kernel-setup/kernel/host/cell-process')>('host/cell-process.js');
    session.process = new CellProcess({
      onMessage: (message) => session.receive(message),
      onNativeOutput: (_, text) => {
        session.native += text;
        session.tell();
      },
      onDeath: (death) => {
        session.deaths.push(death);
        session.tell();
      },
    });
    await session.next('ready');
    return session;
  }

  /** Writes files into the session's folder. */
  write(files: Readonly<Record<string, string>>): void {
    for (const [name, text] of Object.entries(files)) {
      const file = path.join(this.folder, name);
      fs.mkdirSync(path.dirname(file), { recursive: true });
      fs.writeFileSync(file, text);
    }
  }

  /** Compiles and runs a cell. */
  async execute(source: string, options?: { keep: boolean }): Promise<Ran> {
    const started = this.begin(source, options);
    return typeof started === 'number' ? this.end(started) : started;
  }

  /** Compiles a cell and sends it on its way: the number of its context, unless it does not compile. */
  begin(source: string, { keep } = { keep: true }): number | Ran {
    if (keep) this.count += 1;
    const file = keep ? `Cell [${this.count}]` : 'expression';
    const compiled = this.compiler.compile(source, { file, keep });
    if (!compiled.ok) return { file, ok: false, diagnostics: compiled.diagnostics, output: '' };
    const { js, names, modules, remember } = compiled;
    this.context += 1;
    const { context } = this;
    this.started.set(context, { file, remember });
    const requestId = String(context);
    this.process.send({ type: 'run', context, requestId, file, source, js, modules, names, keep, allowStdin: false });
    return context;
  }

  /** Waits for the end of a cell that has begun. */
  async end(context: number): Promise<Ran> {
    const { result, error, reached } = await this.next('done', (m) => m.context === context);
    const { file, remember } = this.started.get(context)!;
    remember(error === undefined ? undefined : reached);
    const output = this.outputOf(context);
    return { file, ok: error === undefined, diagnostics: [], data: result?.data, error, output };
  }

  /** What has been written so far on behalf of a request. */
  outputOf(context: number): string {
    return this.all('stream')
      .filter((m) => m.context === context)
      .map((m) => m.text)
      .join('');
  }

  all<T extends FromCells['type']>(type: T): Message<T>[] {
    return this.messages.filter((m): m is Message<T> => m.type === type);
  }

  /** The first message of a kind that fits, which may have come already. */
  async next<T extends FromCells['type']>(type: T, fits: (message: Message<T>) => boolean = () => true) {
    const deaths = this.deaths.length;
    const found = () => this.all(type).find(fits);
    await this.until(() => found() !== undefined || this.deaths.length > deaths);
    const message = found();
    if (message === undefined)
      throw new Error(`the process ended before its "${type}": ${this.deaths.at(-1)?.lastWords}`);
    return message;
  }

  /** Waits until something that messages, native output or a death can bring about is so. */
  until(isSo: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const look = () => {
        if (!isSo()) return;
        this.listeners.delete(look);
        resolve();
      };
      this.listeners.add(look);
      look();
    });
  }

  /** Forgets the messages received so far. */
  clear(): void {
    this.messages.length = 0;
    this.native = '';
  }

  /** Interrupts the cell that came last. */
  interrupt(): void {
    this.process.interrupt(this.context);
  }

  async close(): Promise<void> {
    this.compiler.close();
    await this.process.stop();
    process.chdir(os.tmpdir());
    fs.rmSync(this.folder, { recursive: true, force: true });
  }

  private receive(message: FromCells): void {
    this.messages.push(message);
    this.tell();
  }

  private tell(): void {
    for (const listener of [...this.listeners]) listener();
  }
}

/** Why a cell failed, as text: its diagnostics, or its traceback without colours. */
export function failureOf({ diagnostics, error }: Ran): string {
  const lines = diagnostics.map((d) => `${d.file ?? 'cell'}:${d.line}:${d.column} TS${d.code} ${d.message}`);
  return stripVTControlCharacters([...lines, ...(error?.traceback ?? [])].join('\n'));
}
