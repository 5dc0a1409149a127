import { bundleOf } from '../display/bundle';
import { broadcast, clearOutput } from '../display/display';
import { reportOf } from '../errors/errors';
import { unlessCancelled } from '../parent/parent';
import { currentRequestId } from '../parent/requests';
import { Widget } from './widget';

type StreamName = 'stdout' | 'stderr';

/** Shows the output of functions. Front ends add output of the request whose id is its `msg_id`. */
export class Output extends Widget {
  /** Number of captures in progress, and their request. Captures that an interrupt has cancelled do not count. */
  private captures = { request: '', count: 0 };

  /**
   * Runs `run` and shows its output, and its error if it throws, in this widget. If it returns a promise, all output of
   * the same cell or handler is captured until it settles.
   */
  capture<T>(run: () => T, { clear = false, wait = true }: { clear?: boolean; wait?: boolean } = {}): T {
    const request = this.begin();
    let result: T;
    try {
      if (clear) clearOutput({ wait });
      result = run();
    } catch (error) {
      this.end(request, error);
      throw error;
    }
    if (result instanceof Promise) return this.endWith(request, result) as T;
    this.end(request);
    return result;
  }

  private async endWith<T>(request: string, result: Promise<T>): Promise<T> {
    try {
      const value = await unlessCancelled(result);
      this.end(request);
      return value;
    } catch (error) {
      this.end(request, error);
      throw error;
    }
  }

  outside<T>(run: () => T): T {
    const { request, count } = this.captures;
    if (count === 0) return run();
    const resume = () => {
      if (this.captures.request === request && this.captures.count > 0) this.set({ msgId: request });
    };
    this.set({ msgId: '' });
    let result: T | undefined;
    try {
      result = run();
      return result instanceof Promise ? (result.finally(resume) as T) : result;
    } finally {
      if (!(result instanceof Promise)) resume();
    }
  }

  /** @param wait until there is new output, which avoids flicker */
  clear({ wait = false }: { wait?: boolean } = {}): void {
    this.capture(() => clearOutput({ wait }));
  }

  appendStdout(text: string): void {
    this.appendStream('stdout', text);
  }

  appendStderr(text: string): void {
    this.appendStream('stderr', text);
  }

  async appendDisplayData(value: unknown): Promise<void> {
    const shown = await bundleOf(value);
    if (shown !== undefined) this.append({ output_type: 'display_data', ...shown });
  }

  async replaceDisplayData(value: unknown): Promise<void> {
    const shown = await bundleOf(value);
    this.set({ outputs: shown === undefined ? [] : [{ output_type: 'display_data', ...shown }] });
  }

  private appendStream(name: StreamName, text: string): void {
    this.append({ output_type: 'stream', name, text });
  }

  private append(output: object): void {
    this.set({ outputs: [...(this.values.outputs as object[]), output] });
  }

  private begin(): string {
    const request = currentRequestId();
    if (this.captures.request !== request) this.captures = { request, count: 0 };
    this.captures.count++;
    this.set({ msgId: request });
    return request;
  }

  private end(request: string, error?: unknown): void {
    if (error !== undefined) void broadcast('error', reportOf(error));
    if (this.captures.request !== request) return;
    this.captures.count--;
    if (this.captures.count === 0) this.set({ msgId: '' });
  }
}
