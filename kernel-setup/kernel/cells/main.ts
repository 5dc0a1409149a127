// The process in which cells run. It takes what the host has compiled, runs it on the main thread, and reports.
import type { ParentId, ToCells } from '../process-messages';
import { bundleOf } from './bundle';
import { send } from './channel';
import { watchChildren } from './children';
import { showColours } from './colours';
import { onCompiled } from './compile';
import { reportOf } from './errors';
import { watchForInterrupts } from './interrupt';
import { installJupyter } from './jupyter';
import { keepParents } from './keep-parent';
import { membersOf } from './live';
import { completeLibrary } from './newer-library';
import { abandon, enterParent, KernelInterrupt, lastParent, nextTick } from './parent';
import { type RunMessage, Runner } from './run';
import { installStackTraces } from './stack';
import { installStdin, refuseStdin } from './stdin';
import { captureStreams, groupByCell } from './streams';
import { summaryOf } from './summary';
import { watchThreads } from './threads';

/** What the host waits for: a cell, or the handler of a comm message. */
interface Running {
  parentId: ParentId;
  /** Answers at once; what runs in a loop has been ended by the thread. */
  interrupt(): void;
}

let running: Running | undefined;
/** The last request that has begun. */
let begun: ParentId = 0;
/** A request that was interrupted on its way here, faster than it came. */
let overtaken: ParentId = 0;
const runner = new Runner(process.cwd());
captureStreams();
groupByCell();
installStdin();
refuseStdin();
watchThreads();
keepParents();
completeLibrary();
installStackTraces();
const interrupts = watchForInterrupts((parentId) => {
  if (running?.parentId === parentId) running.interrupt();
  else if (parentId > begun) overtaken = parentId;
  clearAsyncBooks();
});
watchChildren(interrupts.noteChild);
showColours();
const jupyter = installJupyter();

process.on('message', (message: ToCells) => {
  if (message.type === 'run') runCell(message);
  else if (message.type === 'comm') handleComm(message);
  else if (message.type === 'compiled') onCompiled(message);
  else if (message.type === 'input-reply') jupyter.onInputReply(message.id, message.value);
  else if (message.type === 'summarize')
    send({ type: 'summary', id: message.id, text: summaryOf(runner.vars, message.name) });
  else send({ type: 'members', id: message.id, members: membersOf(runner.vars, message.of) });
});
// Without the host nobody can see what runs here.
process.on('disconnect', () => process.exit());
process.on('unhandledRejection', reportUncaught);
process.on('uncaughtException', reportUncaught);
send({ type: 'ready' });

function reportUncaught(thrown: unknown): void {
  // What an interrupt has ended may have had nobody waiting for it; the cell itself has been answered.
  if (!(thrown instanceof KernelInterrupt)) reportLate(lastParent(), thrown);
}

function reportLate(parentId: ParentId, thrown: unknown): void {
  send({ type: 'late-error', parentId, error: reportOf(thrown) });
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
  parentId: ParentId,
  body: () => Promise<T>,
  onValue: (value: T) => void,
  onError: (error: unknown) => void,
): void {
  const answer = (give: () => void) => {
    if (running !== self) return;
    give();
    running = undefined;
    interrupts.setRunning(0);
  };
  const self: Running = {
    parentId,
    interrupt: () => {
      abandon();
      answer(() => onError(new KernelInterrupt()));
    },
  };
  /** What ends because its child process was ended has been interrupted, even if nothing has told it so. */
  const end = (give: () => void) => {
    if (interrupts.hasInterrupted(parentId)) self.interrupt();
    else answer(give);
  };
  running = self;
  interrupts.setRunning(parentId);
  begun = parentId;
  if (parentId === overtaken) {
    self.interrupt();
    return;
  }
  // In the queue of ticks, which an interrupt leaves whole: in Node's queues of immediates and timers it would leave
  // entries behind that are never taken out.
  nextTick(() => {
    body().then(
      (value) => end(() => onValue(value)),
      (error: unknown) => end(() => onError(error)),
    );
  });
}

function runCell(message: RunMessage): void {
  const { parentId, names, keep } = message;
  enterParent(parentId);
  jupyter.onRun(message);
  runner.take(message);
  const before = keep ? runner.snapshot(names) : new Map();
  untilInterrupted(
    parentId,
    async () => {
      const { value, hasValue } = await runner.run(message);
      if (!hasValue || value === undefined) return { reached: names };
      const result = await bundleOf(value);
      return { result, reached: keep ? [...names, ...runner.keepLast(value)] : names };
    },
    (done) => send({ type: 'done', parentId, ...done }),
    (error) => {
      const reached = keep ? runner.reached(names, before) : [];
      send({ type: 'done', parentId, error: reportOf(error), reached });
    },
  );
}

function handleComm(message: Extract<ToCells, { type: 'comm' }>): void {
  const { parentId } = message;
  enterParent(parentId);
  untilInterrupted(
    parentId,
    () => jupyter.onComm(message),
    ({ refused }) => send({ type: 'handled', parentId, refused }),
    (error) => {
      reportLate(parentId, error);
      send({ type: 'handled', parentId });
    },
  );
}
