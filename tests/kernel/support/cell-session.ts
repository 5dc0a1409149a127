import fs from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import type { CellMemory, Compiler, Diagnostic } from '../../../kernel-setup/kernel/compiler/types';
import type { CellProcess, CellProcessEvents } from '../../../kernel-setup/kernel/host/cells';
import type { ErrorReport, FromCells, MimeBundle } from '../../../kernel-setup/kernel/process-messages';
import { buildIfStale } from '../../../kernel-setup/setup/build.mjs';
import { paths } from '../../../kernel-setup/setup/paths.mjs';

/** The outcome of a cell. */
export interface Ran {
  /** `Cell [n]`. */
  file: string;
  ok: boolean;
  /** Why it did not run. */
  diagnostics: Diagnostic[];
  /** Its result, if it has one. */
  data?: MimeBundle;
  error?: ErrorReport;
  /** All output until it ended, in order. */
  output: string;
}

interface RunOptions {
  keep: boolean;
  /** Whether questions are allowed; `answer` answers them. */
  allowStdin?: boolean;
}

type Message<T extends FromCells['type']> = Extract<FromCells, { type: T }>;

/** Builds the kernel if needed, and returns its modules. */
export async function builtKernel(): Promise<<T>(module: string) => T> {
  await buildIfStale(paths, process.env, 'kernel');
  const load = createRequire(path.join(paths.kernelBuild, 'x.js'));
  return (module) => load(`./${module}`);
}

/** A compiler for cells in the current folder. */
export function compilerFrom(load: Awaited<ReturnType<typeof builtKernel>>, types: readonly string[] = []): Compiler {
  type Built = typeof import('../../../kernel-setup/kernel/compiler/index') &
    typeof import('../../../kernel-setup/kernel/compiler/node-platform');
  const { createCompiler } = load<Built>('compiler/index.js');
  const { nodePlatform } = load<Built>('compiler/node-platform.js');
  return createCompiler(nodePlatform(), types);
}

/** A compiler and a process of cells, as in the kernel's host, in their own folder. */
export class CellSession {
  /** Output written directly to the descriptors, not by JavaScript. */
  native = '';
  readonly deaths: Parameters<CellProcessEvents['onDeath']>[0][] = [];
  private count = 0;
  private asked = 0;
  private readonly answered = new Set<number>();
  private parentId = 0;
  private readonly messages: FromCells[] = [];
  private readonly listeners = new Set<() => void>();
  private readonly started = new Map<number, { file: string; keep: boolean; memory: CellMemory }>();
  private process!: CellProcess;

  private constructor(
    readonly folder: string,
    readonly compiler: Compiler,
  ) {}

  /**
   * @param files to write into the session's folder first
   * @param types declaration files that every cell sees
   */
  static async start(
    files: Readonly<Record<string, string>> = {},
    types: readonly string[] = [],
  ): Promise<CellSession> {
    const load = await builtKernel();
    const folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'gradlab-cells-')));
    process.chdir(folder);
    const session = new CellSession(folder, compilerFrom(load, types));
    session.write(files);
    const { ChildProcessOfCells } =
      load<typeof import('../../../kernel-setup/kernel/host/cell-process')>('host/cell-process.js');
    session.process = new ChildProcessOfCells({
      onMessage: (message) => session.receive(message as FromCells),
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
  async execute(source: string, options?: RunOptions): Promise<Ran> {
    const started = this.begin(source, options);
    return typeof started === 'number' ? this.end(started) : started;
  }

  /** Compiles a cell and sends it to the process; returns its request number, or undefined if it does not compile. */
  begin(source: string, { keep, allowStdin = false }: RunOptions = { keep: true }): number | Ran {
    if (keep) this.count += 1;
    const file = keep ? `Cell [${this.count}]` : 'expression';
    const compiled = this.compiler.compile(source, file);
    if (!compiled.ok) return { file, ok: false, diagnostics: compiled.diagnostics, output: '' };
    const { js, names, modules, memory } = compiled;
    this.parentId += 1;
    const { parentId } = this;
    this.started.set(parentId, { file, keep, memory });
    const requestId = String(parentId);
    const unattended = keep && !allowStdin;
    this.process.send({
      type: 'run',
      parentId,
      requestId,
      file,
      source,
      js,
      modules,
      names,
      keep,
      allowStdin,
      unattended,
    });
    return parentId;
  }

  /** Waits for the end of a running cell. */
  async end(parentId: number): Promise<Ran> {
    const { result, error, reached } = await this.next('done', (m) => m.parentId === parentId);
    const { file, keep, memory } = this.started.get(parentId)!;
    if (keep) this.compiler.remember(memory, reached);
    const output = this.outputOf(parentId);
    return { file, ok: error === undefined, diagnostics: [], data: result?.data, error, output };
  }

  /** The output for a request so far. */
  outputOf(parentId: number): string {
    return this.all('stream')
      .filter((m) => m.parentId === parentId)
      .map((m) => m.text)
      .join('');
  }

  all<T extends FromCells['type']>(type: T): Message<T>[] {
    return this.messages.filter((m): m is Message<T> => m.type === type);
  }

  /** The first matching message of a type, received already or not. */
  async next<T extends FromCells['type']>(type: T, fits: (message: Message<T>) => boolean = () => true) {
    const deaths = this.deaths.length;
    const found = () => this.all(type).find(fits);
    await this.until(() => found() !== undefined || this.deaths.length > deaths);
    const message = found();
    if (message === undefined)
      throw new Error(`the process ended before its "${type}": ${this.deaths.at(-1)?.lastOutput}`);
    return message;
  }

  /** Waits until the condition holds; checks it after messages, native output and a crash. */
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

  /** The members that completion at `|` offers for a live value; those of its type if that is sufficient. */
  async completionsAt(marked: string): Promise<{ replaced: string; names: string[] }> {
    const cursor = marked.indexOf('|');
    const source = marked.slice(0, cursor) + marked.slice(cursor + 1);
    const { from, to, items, live } = this.compiler.complete(source, cursor);
    const replaced = source.slice(from, to);
    if (live === undefined) return { replaced, names: items.map(({ text }) => text) };
    const id = ++this.asked;
    this.process.send({ type: 'list-members', id, of: live.of });
    const { members } = await this.next('members', (message) => message.id === id);
    return { replaced, names: members.map(({ name }) => name) };
  }

  /** The entries of a panel of variables: all, or the members of a listed one. */
  async variables(of?: number): Promise<Message<'variables'>['variables']> {
    const id = ++this.asked;
    this.process.send({ type: 'list-variables', id, of });
    return (await this.next('variables', (message) => message.id === id)).variables;
  }

  /**
   * Answers the question of a cell.
   * @returns the question
   */
  async answer(line: string): Promise<string> {
    const { id, prompt } = await this.next('input-request', (question) => !this.answered.has(question.id));
    this.answered.add(id);
    this.process.send({ type: 'input-reply', id, value: line });
    return prompt;
  }

  /** Forgets the messages received so far. */
  clear(): void {
    this.messages.length = 0;
    this.native = '';
  }

  /**
   * Interrupts the cells up to one that may not have arrived yet: by default all, with a later number, like the host.
   */
  interrupt(upTo = ++this.parentId): void {
    this.process.interrupt(upTo);
  }

  async close(): Promise<void> {
    this.compiler.close();
    await this.process.stop();
    process.chdir(os.tmpdir());
    fs.rmSync(this.folder, { recursive: true, force: true });
  }

  private receive(message: FromCells): void {
    if (message.type === 'compile') {
      const { id, path: file } = message;
      this.process.send({ type: 'compiled', id, modules: this.compiler.localModules(file) });
    }
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
