import { ValueError } from '../../errors';
import { requireSizes } from '../../ops/table/arguments';
import { environment, type Program, processors, startProgram, thisProcess } from '../../platform';
import type { Finished, Places, Runner } from './drive';
import { type Objective, type ObjectiveFile, type Order, outcomeFrom } from './trial';

/** Options of {@link processes}. */
export interface ProcessesOptions {
  /** Number of trials at once. Default: the number of processors. */
  workers?: number;
}

/** @throws {ValueError} if another process could not load the objective. @internal */
export function requireFile(runner: string, objective: Objective | ObjectiveFile): ObjectiveFile {
  const { module, export: name = 'default' } = objective as ObjectiveFile;
  if (typeof objective === 'function' || typeof module !== 'string' || typeof name !== 'string')
    throw new ValueError(
      `${runner}: other processes load the objective from a file, { module: './objective.mjs', export: 'objective' }; a function cannot be sent`,
    );
  return { module, export: name };
}

/**
 * A child process that runs one trial at a time, while the parent is free. It starts with the first trial, is reused
 * for others, and restarted after a crash.
 * @internal
 */
export class Child {
  private program: Program | undefined;
  private settle: ((how: { outcome: string } | { lost: string }) => void) | undefined;
  private answer: (step: number, value: number) => Promise<'go on' | 'stop'> | 'go on' | 'stop' = () => 'go on';

  constructor(private readonly threads: number) {}

  /** Runs a trial. @param report decides on a report; the trial waits for it */
  async run(
    objective: ObjectiveFile,
    order: Order,
    report: (step: number, value: number) => Promise<'go on' | 'stop'> | 'go on' | 'stop',
  ): Promise<{ outcome: string } | { lost: string }> {
    this.answer = report;
    const finished = new Promise<{ outcome: string } | { lost: string }>((resolve) => {
      this.settle = resolve;
    });
    const env = { GRADLAB_THREADS: environment('GRADLAB_THREADS') ?? String(this.threads) };
    this.program ??= startProgram(['trials'], env, {
      line: (text) => void this.hear(text),
      end: (reason) => {
        this.program = undefined;
        this.settle?.({ lost: reason });
      },
    });
    this.program.send(JSON.stringify({ objective, order }));
    return finished;
  }

  end(): void {
    this.program?.kill();
  }

  private async hear(text: string): Promise<void> {
    const { outcome, step, value } = JSON.parse(text) as { outcome?: string; step: number; value: number | string };
    if (outcome !== undefined) return this.settle?.({ outcome });
    try {
      this.program?.send(await this.answer(step, Number(value)));
    } catch (error) {
      // The report was refused: this process does not hold the trial any more.
      this.end();
      this.settle?.({ lost: (error as Error).message });
    }
  }
}

/**
 * Runs trials in separate processes on this machine. They use all processors, and a crash affects only one trial, which
 * is run again. The objective must be in a file that each process can load, `study.run({ module: './objective.mjs' }, {
 * runner: tuner.processes({ workers: 4 }) })`. Output of trials is printed here.
 * @throws {ValueError} if `workers` is not a whole number from 1 on.
 */
export function processes(options: ProcessesOptions = {}): Runner {
  const { workers = processors() } = options;
  requireSizes('tuner.processes', { workers });
  return {
    async open({ objective, report }): Promise<Places> {
      const file = requireFile('tuner.processes', objective);
      const threads = Math.max(1, Math.floor(processors() / workers));
      const children = Array.from({ length: workers }, (_, i) => ({
        name: `${thisProcess().pid}/${i + 1}`,
        child: new Child(threads),
      }));
      const idle = [...children];
      return {
        count: () => workers,
        async start(order): Promise<Finished> {
          const one = idle.shift()!;
          const began = Date.now();
          const { number } = order.trial;
          const finished = await one.child.run(file, order, (step, value) => report(number, step, value));
          idle.push(one);
          const work = { worker: one.name, began, ended: Date.now() };
          return 'lost' in finished ? { ...finished, work } : { outcome: outcomeFrom(finished.outcome), work };
        },
        close() {
          for (const { child } of children) child.end();
        },
      };
    },
  };
}
