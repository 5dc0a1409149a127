// Running a cell.
import type { Compiler } from '../compiler/types';
import type { Context, ErrorReport, FromCells } from '../process-messages';
import { ProcessDied } from './cells';
import type { Request } from './channels';
import { reportCompilerFailure, reportDiagnostics } from './diagnostics';
import type { Content } from './messages';
import type { Parts } from './parts';
import { newContext } from './requests';

type Done = Extract<FromCells, { type: 'done' }>;
type Expressions = Extract<Content<'execute_reply'>, { status: 'ok' }>['user_expressions'];

export class Executor {
  /** The number of the last cell that was stored. */
  private count = 0;

  /**
   * @param firstError what the first cell fails with instead of running
   * @param abortWaiting called after a cell has failed, if the cells behind it shall not run
   */
  constructor(
    private readonly parts: Parts,
    private firstError: ErrorReport | undefined,
    private readonly abortWaiting: () => Promise<void>,
  ) {}

  async execute(request: Request<'execute_request'>): Promise<Content<'execute_reply'>> {
    const { channels, outputs, history, questions } = this.parts;
    const { code, silent = false, store_history: store = true, stop_on_error: stop = true } = request.content;
    const stored = store && !silent;
    if (stored) history.add(++this.count, code);
    const execution_count = this.count;
    const parent = request.header;
    const context = newContext();
    outputs.enter(context, parent);
    if (!silent) channels.publish('execute_input', { code, execution_count }, parent);
    const run = async () => {
      const done = await this.run(request, context, stored ? `Cell [${execution_count}]` : 'Cell [0]');
      if (done.error !== undefined) return done.error;
      if (done.result !== undefined && !silent) {
        outputs.flush();
        channels.publish('execute_result', { execution_count, ...done.result }, parent);
        if (stored) history.setOutput(done.result.data['text/plain']);
      }
      return this.evaluate(request, context);
    };
    const asks = request.content.allow_stdin === true;
    const outcome = asks ? await questions.during(context, request, run) : await run();
    if (!isError(outcome)) return { status: 'ok', execution_count, user_expressions: outcome, payload: [] };
    const { ename, evalue, traceback } = outcome;
    outputs.flush();
    channels.publish('error', { ename, evalue, traceback }, parent);
    if (stop) await this.abortWaiting();
    return { status: 'error', execution_count, ename, evalue, traceback };
  }

  private async run(request: Request<'execute_request'>, context: Context, file: string): Promise<Partial<Done>> {
    const { firstError } = this;
    this.firstError = undefined;
    if (firstError !== undefined) return { error: firstError };
    const compiler = await this.parts.compiler;
    return this.compileAndRun(compiler, request, context, { source: request.content.code, file, keep: true });
  }

  private async compileAndRun(
    compiler: Compiler,
    { header, content }: Request<'execute_request'>,
    context: Context,
    { source, file, keep }: { source: string; file: string; keep: boolean },
  ): Promise<Partial<Done>> {
    let compiled: ReturnType<Compiler['compile']>;
    try {
      compiled = compiler.compile(source, { file, keep });
    } catch (error) {
      return { error: reportCompilerFailure(error, file) };
    }
    if (!compiled.ok) return { error: reportDiagnostics(compiled.diagnostics, file, source) };
    const { js, modules, names, quiet, remember } = compiled;
    const allowStdin = content.allow_stdin === true;
    try {
      const message = { context, requestId: header.msg_id, file, source, js, modules, names, keep, allowStdin };
      const done = await this.parts.cells.run(message);
      remember(done.error === undefined ? undefined : done.reached);
      return quiet ? { ...done, result: undefined } : done;
    } catch (error) {
      if (error instanceof ProcessDied) return { error: error.report };
      throw error;
    }
  }

  /** The values of a request's expressions, which leave no names behind. */
  private async evaluate(request: Request<'execute_request'>, context: Context): Promise<Expressions> {
    const values: Expressions = {};
    for (const [key, source] of Object.entries(request.content.user_expressions ?? {})) {
      const compiler = await this.parts.compiler;
      const options = { source, file: 'expression', keep: false };
      const { error, result } = await this.compileAndRun(compiler, request, context, options);
      values[key] =
        error === undefined ? { status: 'ok', ...(result ?? undefinedValue) } : { status: 'error', ...error };
    }
    return values;
  }
}

const undefinedValue = { data: { 'text/plain': 'undefined' }, metadata: {} };

const isError = (outcome: ErrorReport | Expressions): outcome is ErrorReport => typeof outcome.ename === 'string';
