// The process in which cells run. It takes what the host has compiled, runs it on the main thread, and reports.
import type { Context, Json, MimeBundle, ToCells } from '../process-messages';
import { bundleOf } from './bundle';
import { send } from './channel';
import { currentContext, enterContext, keepContextInTimers, soon } from './context';
import { reportOf } from './errors';
import { KernelInterrupt, watchForInterrupts } from './interrupt';
import { installJupyter } from './jupyter';
import { type Outcome, type RunMessage, Runner } from './run';
import { installStackTraces } from './stack';
import { captureStreams } from './streams';
import { summaryOf } from './summary';

/** What the host waits for: a cell, or the handler of a comm message. */
interface Running {
  context: Context;
  /** Ends the waiting; what runs in a loop has been ended by the thread. */
  interrupt(): void;
}

let running: Running | undefined;
const runner = new Runner(process.cwd());
captureStreams();
keepContextInTimers();
installStackTraces();
watchForInterrupts(() => running?.interrupt());
const jupyter = installJupyter();

process.on('message', (message: ToCells) => {
  if (message.type === 'run') void runCell(message);
  else if (message.type === 'comm') void handleComm(message);
  else if (message.type === 'answer') jupyter.onAnswer(message.id, message.value);
  else send({ type: 'summary', id: message.id, text: summaryOf(runner.vars, message.name) });
});
// Without the host nobody can see what runs here.
process.on('disconnect', () => process.exit());
process.on('unhandledRejection', reportLate);
process.on('uncaughtException', reportLate);
send({ type: 'ready' });

function reportLate(thrown: unknown): void {
  send({ type: 'late-error', context: currentContext(), error: reportOf(thrown) });
}

/** Runs `body` until it ends or an interrupt comes. */
function untilInterrupted<T>(context: Context, body: () => Promise<T>): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const end = () => {
      running = undefined;
    };
    running = {
      context,
      interrupt: () => {
        end();
        reject(new KernelInterrupt());
      },
    };
    // Apart from what waits for it: a loop that is ended takes everything with it that called it.
    soon(() => {
      body().then(
        (value) => {
          end();
          resolve(value);
        },
        (error) => {
          end();
          reject(error);
        },
      );
    });
  });
}

async function runCell(message: RunMessage): Promise<void> {
  const { context, names, keep } = message;
  enterContext(context);
  jupyter.onRun(message);
  const before = keep ? runner.snapshot(names) : new Map();
  try {
    const result = await untilInterrupted(context, async () => shown(await runner.run(message)));
    send({ type: 'done', context, result, reached: names });
  } catch (error) {
    const reached = keep ? runner.reached(names, before) : [];
    send({ type: 'done', context, error: reportOf(error), reached });
  }
}

async function shown({
  value,
  hasValue,
}: Outcome): Promise<{ data: MimeBundle; metadata: Record<string, Json> } | undefined> {
  return hasValue && value !== undefined ? bundleOf(value) : undefined;
}

async function handleComm(message: Extract<ToCells, { type: 'comm' }>): Promise<void> {
  const { context } = message;
  enterContext(context);
  try {
    const { refused } = await untilInterrupted(context, () => jupyter.onComm(message));
    send({ type: 'handled', context, refused });
  } catch (error) {
    reportLate(error);
    send({ type: 'handled', context });
  }
}
