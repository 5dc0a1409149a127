// Running a cell.
import { red } from '../excerpt';
import type { ErrorReport, FromCells, ParentId } from '../process-messages';
import { ProcessDied } from './cells';
import type { Request } from './channels';
import { CompileInterrupted, type Compiler } from './compiler';
import { reportCompilerFailure, reportDiagnostics, reportEarlyInterrupt } from './diagnostics';
import type { Content } from './messages';
import { newParentId } from './parent-ids';
import type { Parts } from './parts';

type Done = Extract<FromCells, { type: 'done' }>;
type Expressions = Extract<Content<'execute_reply'>, { status: 'ok' }>['user_expressions'];

export class Executor {
  /** The execution count of the last stored cell. */
  private count = 0;
  private running: Request | undefined;
  /** The compiler's notes that have been shown. */
  private readonly told = new Set<string>();
  /** Cells interrupted before they ran. */
  private readonly interrupted = new WeakSet<Request>();

  /**
   * @param firstError makes the first cell fail
   * @param abortWaiting called after a failed cell, if queued cells must not run
   */
  constructor(
    private readonly parts: Parts,
    private firstError: ErrorReport | undefined,
    private readonly abortWaiting: () => Promise<void>,
  ) {}

  async execute(request: Request<'execute_request'>): Promise<Content<'execute_reply'>> {
    this.running = request;
    try {
      return await this.answer(request);
    } finally {
      this.running = undefined;
    }
  }

  private async answer(request: Request<'execute_request'>): Promise<Content<'execute_reply'>> {
    const { channels, outputs, history, stdin } = this.parts;
    const { code, silent = false, store_history: store = true, stop_on_error: stop = true } = request.content;
    const stored = store && !silent;
    if (stored) history.add(++this.count, code);
    const execution_count = this.count;
    const file = stored ? `Cell [${execution_count}]` : 'Cell [0]';
    const parent = request.header;
    const parentId = newParentId();
    outputs.enter(parentId, parent);
    if (!silent) channels.publish('execute_input', { code, execution_count }, parent);
    const run = async () => {
      const done = await this.run(request, parentId, file);
      if (done.error !== undefined) return done.error;
      if (done.result !== undefined && !silent) {
        outputs.flush();
        channels.publish('execute_result', { execution_count, ...done.result }, parent);
        if (stored) history.setOutput(done.result.data['text/plain']);
      }
      return this.evaluate(request, parentId);
    };
    const asks = request.content.allow_stdin === true;
    const outcome = asks ? await stdin.during(parentId, request, run) : await run();
    if (!isError(outcome)) return { status: 'ok', execution_count, user_expressions: outcome, payload: [] };
    const { ename, evalue } = outcome;
    const traceback = withLastWords(outcome, file);
    outputs.flush();
    channels.publish('error', { ename, evalue, traceback }, parent);
    if (stop) await this.abortWaiting();
    return { status: 'error', execution_count, ename, evalue, traceback };
  }

  /**
   * Interrupts the cell that is compiling or running.
   * @param next the queued cell, which is interrupted if none is running
   */
  interrupt(next: Request | undefined): void {
    if (this.running === undefined && next !== undefined) this.interrupted.add(next);
    this.parts.compiler.interrupt();
    this.parts.cells.interrupt();
  }

  private async run(request: Request<'execute_request'>, parentId: ParentId, file: string): Promise<Partial<Done>> {
    const { firstError } = this;
    this.firstError = undefined;
    if (firstError !== undefined) return { error: firstError };
    if (this.interrupted.has(request)) return { error: reportEarlyInterrupt(file) };
    return this.compileAndRun(request, parentId, { source: request.content.code, file, keep: true });
  }

  private async compileAndRun(
    { header, content }: Request<'execute_request'>,
    parentId: ParentId,
    { source, file, keep }: { source: string; file: string; keep: boolean },
  ): Promise<Partial<Done>> {
    const { compiler, cells } = this.parts;
    let compiled: Awaited<ReturnType<Compiler['compile']>>;
    try {
      compiled = await compiler.compile(source, file);
    } catch (error) {
      if (error instanceof CompileInterrupted) return { error: reportEarlyInterrupt(file) };
      return { error: reportCompilerFailure(error, file) };
    }
    if (!compiled.ok) return { error: reportDiagnostics(compiler.lost.inDiagnostics(compiled.diagnostics), file) };
    const { js, modules, names, memory, notes } = compiled;
    if (keep && !content.silent)
      this.tell(
        notes.map((note) => compiler.lost.inNote(note)),
        parentId,
      );
    const allowStdin = content.allow_stdin === true;
    // Front ends run their own code silently or unstored. A run that allows errors continues.
    const unattended =
      keep && !allowStdin && !content.silent && content.store_history !== false && content.stop_on_error !== false;
    try {
      const message = {
        parentId,
        requestId: header.msg_id,
        file,
        source,
        js,
        modules,
        names,
        keep,
        allowStdin,
        unattended,
      };
      const done = await cells.run(message);
      if (keep) compiler.remember(memory, done.reached);
      return done.error === undefined ? done : { ...done, error: compiler.lost.inError(done.error) };
    } catch (error) {
      if (!(error instanceof ProcessDied)) throw error;
      if (keep) compiler.lost.add(memory, undefined, error.report.evalue);
      return { error: error.report };
    }
  }

  /** Shows each note once, even if a replaced compiler repeats it. */
  private tell(notes: readonly string[], parentId: ParentId): void {
    for (const note of notes) {
      if (this.told.has(note)) continue;
      this.told.add(note);
      this.parts.outputs.write(parentId, 'stderr', `${note}\n`);
    }
  }

  /** Evaluates a request's `user_expressions`, which declare no lasting names. */
  private async evaluate(request: Request<'execute_request'>, parentId: ParentId): Promise<Expressions> {
    const values: Expressions = {};
    for (const [key, source] of Object.entries(request.content.user_expressions ?? {})) {
      const options = { source, file: 'expression', keep: false };
      const { error, result } = await this.compileAndRun(request, parentId, options);
      values[key] =
        error === undefined ? { status: 'ok', ...(result ?? undefinedValue) } : { status: 'error', ...error };
    }
    return values;
  }
}

const undefinedValue = { data: { 'text/plain': 'undefined' }, metadata: {} };

const isError = (outcome: ErrorReport | Expressions): outcome is ErrorReport => typeof outcome.ename === 'string';

/**
 * Appends a line with the error's name and place to a long traceback. Users read its end, and tools such as nbmake show
 * only that. The message is at the beginning.
 */
function withLastWords({ ename, traceback }: ErrorReport, cell: string): string[] {
  const text = traceback.join('\n');
  if (!text.includes('\n')) return traceback;
  const places = text.match(/Cell \[\d+\]:\d+:\d+/g) ?? [];
  const place = places.find((one) => one.startsWith(`${cell}:`)) ?? places[0] ?? cell;
  return [...traceback, `${red(ename)} in ${place}`];
}
