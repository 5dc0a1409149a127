// `node:test` in cells: results appear in the cell that declared the tests, and a failed test fails the cell. Node's runner
// reports only when its process ends, so the cell process starts with our reporter (test-reporter.ts).
import { reporterPlace } from '../../test-reporter';
import { send } from '../channel';
import { bound, currentParent, KernelInterrupt, onCancel } from '../parent/parent';

/** The part of the reporter's events that is used. */
interface Event {
  type: string;
  data: {
    name: string;
    nesting: number;
    skip?: unknown;
    todo?: unknown;
    details?: { type?: string; duration_ms: number; error?: Error & { failureType?: string } };
  };
}

/** The state of the tests that the running cell has declared. */
interface Round {
  parentId: number;
  /** Top-level tests that have not ended. */
  open: number;
  announced: number;
  passed: number;
  skipped: number;
  failures: { name: string; error: unknown }[];
  /** The enclosing titles of the next test, and how many of them have been printed. */
  titles: string[];
  printed: number;
}

let round: Round | undefined;
let onChange = () => {};

/** A new round for the running cell. */
const begin = (): Round => ({
  parentId: currentParent(),
  open: 0,
  announced: 0,
  passed: 0,
  skipped: 0,
  failures: [],
  titles: [],
  printed: 0,
});

async function* reporter(events: AsyncIterable<Event>): AsyncGenerator<string> {
  for await (const event of events) {
    take(event);
    onChange();
    yield ''; // without a yield it would not be a generator
  }
}

/** Call once, before the first cell. */
export function reportTests(): void {
  Object.defineProperty(globalThis, Symbol.for(reporterPlace), { value: reporter });
}

function take({ type, data }: Event): void {
  if (round === undefined) return;
  const { name, nesting } = data;
  if (type === 'test:enqueue' && nesting === 0) {
    round.announced += 1;
    round.open += 1;
  } else if (type === 'test:start') {
    round.titles.length = nesting;
    round.printed = Math.min(round.printed, nesting);
    round.titles.push(name);
  } else if (type === 'test:pass' || type === 'test:fail') end(round, type === 'test:fail', data);
}

function end(of: Round, hasFailed: boolean, { name, nesting, skip, todo, details }: Event['data']): void {
  const error = details?.error;
  const path = [...of.titles.slice(0, nesting), name];
  for (; of.printed < nesting; of.printed++) print(of, of.printed, `▶ ${of.titles[of.printed]}`);
  const isTodo = todo !== undefined && todo !== false;
  const isSkipped = skip !== undefined && skip !== false;
  const mark = isSkipped ? '﹣' : hasFailed && !isTodo ? '✖' : '✔';
  const remark = isSkipped ? ' # skipped' : isTodo ? ' # to do' : '';
  print(of, nesting, `${mark} ${name} (${(details?.duration_ms ?? 0).toFixed(1)} ms)${remark}`);
  if (nesting === 0) of.open -= 1;
  if (isSkipped || isTodo) of.skipped += 1;
  else if (!hasFailed) of.passed += details?.type === 'suite' ? 0 : 1;
  else if (error?.failureType !== 'subtestsFailed')
    of.failures.push({ name: path.join(' › '), error: error?.cause ?? error });
}

const print = ({ parentId }: Round, nesting: number, line: string): void =>
  send({ type: 'stream', parentId, name: 'stdout', text: `${'  '.repeat(nesting)}${line}\n` });

/** Waits for the tests that a cell has declared. @throws {TestFailure} if one has failed */
export async function endTests(): Promise<void> {
  const own = round;
  if (own === undefined) return;
  while (own.announced === 0 || own.open > 0)
    await new Promise<void>((resolve) => {
      onChange = resolve;
    });
  round = undefined;
  const { passed, skipped, failures } = own;
  const all = passed + failures.length;
  if (failures.length > 0) throw new TestFailure(failures, all);
  print(own, 0, `${all} ${all === 1 ? 'test' : 'tests'} passed${skipped > 0 ? `, ${skipped} skipped or to do` : ''}`);
}

/** A cell begins; unfinished tests of earlier cells are ignored. */
export function beginTests(): void {
  round = undefined;
}

class TestFailure extends AggregateError {
  override name = 'TestFailure';

  constructor(failures: Round['failures'], all: number) {
    const names = failures.map(({ name }) => name).join('; ');
    super(
      failures.map(({ error }) => error),
      `${failures.length} of ${all} ${all === 1 ? 'test' : 'tests'} failed: ${names}`,
    );
    this.stack = `${this.name}: ${this.message}`; // its own stack trace is useless
  }
}

/** Functions that run their callback as a test. */
const runners = new Set(['test', 'it', 'only', 'skip', 'todo', 'default']);
/** Functions that run their callback at once to declare tests. */
const suites = new Set(['describe', 'suite']);
const wrapped = new WeakMap<object, unknown>();

/** `node:test` for cells: a cell awaits the tests that it declares, and an interrupt cancels them. */
export function testsForCells(module: unknown, name = 'default'): unknown {
  if (typeof module !== 'function') return module;
  const isRunner = runners.has(name);
  if (!isRunner && !suites.has(name)) return module;
  const known = wrapped.get(module);
  if (known !== undefined) return known;
  const proxy: unknown = new Proxy(module, {
    apply(target, self, args: unknown[]) {
      if (round === undefined || round.parentId !== currentParent()) round = begin();
      const given = isRunner ? args.map((arg) => (typeof arg === 'function' ? stoppable(arg as Body) : arg)) : args;
      return takingListeners(() => Reflect.apply(target, self, given));
    },
    get: (target, key, receiver) => {
      const value: unknown = Reflect.get(target, key, receiver);
      return typeof key === 'string' ? testsForCells(value, key) : value;
    },
  });
  wrapped.set(module, proxy);
  return proxy;
}

/**
 * Errors that nothing catches belong to Node's runner only while tests run. It would keep those of later cells to itself.
 */
const taken = new Map<'uncaughtException' | 'unhandledRejection', (error: unknown, context: unknown) => void>();

/** Calls the runner, and takes over the listeners that it adds to the process when it is first called. */
function takingListeners<T>(call: () => T): T {
  const events = (['uncaughtException', 'unhandledRejection'] as const).filter((event) => !taken.has(event));
  const counts = events.map((event) => process.listenerCount(event));
  try {
    return call();
  } finally {
    events.forEach((event, i) => {
      // The first one; a suite may have added others.
      const [added] = process.listeners(event as 'uncaughtException').slice(counts[i]);
      if (added !== undefined) {
        process.off(event, added);
        taken.set(event, added as (error: unknown, context: unknown) => void);
      }
    });
  }
}

/** Gives an error that nothing has caught to the test that caused it. @returns whether tests run */
export function failTest(event: 'uncaughtException' | 'unhandledRejection', error: unknown, context: unknown): boolean {
  const listener = taken.get(event);
  if (listener === undefined || round === undefined || round.open === 0) return false;
  listener.call(process, error, context);
  return true;
}

type Body = (this: unknown, ...args: unknown[]) => unknown;

/**
 * A test that always settles; otherwise the runner would never start the next one. Terminating a loop also drops the code
 * around it and all queued microtasks, such as the reporter's. So the test runs in its own immediate.
 */
function stoppable(body: Body): Body {
  const run = bound(body, true);
  const inTurn = function (this: unknown, ...args: unknown[]) {
    return new Promise((resolve, reject) => {
      const forget = onCancel(() => reject(new KernelInterrupt()));
      const settle = async () => {
        try {
          resolve(await Reflect.apply(run, this, args));
        } catch (error) {
          reject(error);
        } finally {
          forget();
        }
      };
      setImmediate(() => void settle());
    });
  };
  // With two parameters, a test takes a callback.
  return body.length < 2 ? inTurn : run;
}
