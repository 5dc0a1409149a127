// The process in which cells run. It takes what the host has compiled, runs it on the main thread, and reports.
import type { Context, Json, MimeBundle, ToCells } from '../process-messages';
import { bundleOf } from './bundle';
import { send } from './channel';
import { abandon, currentContext, enterContext, keepContextInTimers, nextTick } from './context';
import { reportOf } from './errors';
import { KernelInterrupt, watchForInterrupts } from './interrupt';
import { installJupyter } from './jupyter';
import { completeLibrary } from './newer-library';
import { type Outcome, type RunMessage, Runner } from './run';
import { installStackTraces } from './stack';
import { captureStreams } from './streams';
import { summaryOf } from './summary';

/** What the host waits for: a cell, or the handler of a comm message. */
interface Running {
  context: Context;
  /** Answers at once; what runs in a loop has been ended by the thread. */
  interrupt(): void;
}

let running: Running | undefined;
/** The last request that has begun. */
let begun: Context = 0;
/** A request that was interrupted on its way here, faster than it came. */
let overtaken: Context = 0;
const runner = new Runner(process.cwd());
captureStreams();
keepContextInTimers();
completeLibrary();
installStackTraces();
watchForInterrupts((context) => {
  if (running?.context === context) running.interrupt();
  else if (context > begun) overtaken = context;
  clearAsyncBooks();
});
const jupyter = installJupyter();

process.on('message', (message: ToCells) => {
  if (message.type === 'run') runCell(message);
  else if (message.type === 'comm') handleComm(message);
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

/**
 * What an interrupt ends in a loop stays in Node's books as running, and the next use of AsyncLocalStorage would abort the
 * process. After an exception that nothing caught, Node begins new books.
 */
function clearAsyncBooks(): void {
  nextTick(() => {
    process.setUncaughtExceptionCaptureCallback(() => process.setUncaughtExceptionCaptureCallback(null));
    throw new Error('caught by the line above');
  });
}

/**
 * Runs `body` until it ends or an interrupt comes, and then answers. An interrupt may end any JavaScript, this as well:
 * so nothing waits for a promise between an interrupt and its answer, and until it is given, the next interrupt tries again.
 */
function untilInterrupted<T>(
  context: Context,
  body: () => Promise<T>,
  onValue: (value: T) => void,
  onError: (error: unknown) => void,
): void {
  const answer = (give: () => void) => {
    if (running !== self) return;
    give();
    running = undefined;
  };
  const self: Running = {
    context,
    interrupt: () => {
      abandon(context);
      answer(() => onError(new KernelInterrupt()));
    },
  };
  running = self;
  begun = context;
  if (context === overtaken) {
    self.interrupt();
    return;
  }
  // In the queue of ticks, which an interrupt leaves whole: in Node's queues of immediates and timers it would leave
  // entries behind that are never taken out.
  nextTick(() => {
    body().then(
      (value) => answer(() => onValue(value)),
      (error: unknown) => answer(() => onError(error)),
    );
  });
}

function runCell(message: RunMessage): void {
  const { context, names, keep } = message;
  enterContext(context);
  jupyter.onRun(message);
  runner.take(message);
  const before = keep ? runner.snapshot(names) : new Map();
  untilInterrupted(
    context,
    async () => shown(await runner.run(message)),
    (result) => send({ type: 'done', context, result, reached: names }),
    (error) => {
      const reached = keep ? runner.reached(names, before) : [];
      send({ type: 'done', context, error: reportOf(error), reached });
    },
  );
}

async function shown({
  value,
  hasValue,
}: Outcome): Promise<{ data: MimeBundle; metadata: Record<string, Json> } | undefined> {
  return hasValue && value !== undefined ? bundleOf(value) : undefined;
}

function handleComm(message: Extract<ToCells, { type: 'comm' }>): void {
  const { context } = message;
  enterContext(context);
  untilInterrupted(
    context,
    () => jupyter.onComm(message),
    ({ refused }) => send({ type: 'handled', context, refused }),
    (error) => {
      reportLate(error);
      send({ type: 'handled', context });
    },
  );
}
