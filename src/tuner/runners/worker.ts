import { ValueError } from '../../errors';
import { requireSizes } from '../../ops/table/arguments';
import { processors, thisProcess } from '../../platform';
import { Child } from './processes';
import type { Returned } from './redis';
import { answersOf, bullmq, type Client, checkAddress, connect, driverOf, type Job } from './redis-client';

/** Options of a worker. @internal */
export interface WorkerOptions {
  /** The queue from which it takes trials. Default: `'gradlab'`. */
  queue?: string;
  /** Number of trials at once. Default: 1. */
  concurrency?: number;
  /** Milliseconds that a lease lasts without renewal. Default: 30,000. */
  lease?: number;
  /** Whether it ends when the queue is empty and no driver exists. Default: false. */
  untilEmpty?: boolean;
  /** Receives its messages. */
  say?: (text: string) => void;
}

/** Number of lost workers before a trial counts as lost and is assigned again. */
const mostStalls = 20;
/** Milliseconds without trials before a worker with `untilEmpty` ends; and the same at its start. */
const quiet = 5_000;
const grace = 60_000;

/** A worker of searches. @internal */
export interface TrialWorker {
  /** Resolves when it has ended. */
  readonly ended: Promise<void>;
  /** Returns its trials to the queue, and ends. */
  stop(): Promise<void>;
}

/**
 * Takes trials from a queue of Redis and runs each in a child process, so that this process can renew the leases.
 * @throws {StudyError} if Redis is unreachable or a package is missing; {@link ValueError} for invalid options.
 * @internal
 */
export async function startWorker(url: string, options: WorkerOptions = {}): Promise<TrialWorker> {
  checkAddress('gradlab worker', url);
  const { queue = 'gradlab', concurrency = 1, lease = 30_000, untilEmpty = false, say = () => {} } = options;
  requireSizes('gradlab worker', { concurrency, lease });
  const { Queue, Worker, WaitingError } = bullmq();
  const client = await connect(url);
  const { host, pid } = thisProcess();
  const threads = Math.max(1, Math.floor(processors() / concurrency));
  let isEnding = false;
  let lastWork = Date.now() + grace - quiet;

  /** Each slot is a worker of its own, so that the number of workers is the number of slots. */
  const place = async (number: number) => {
    const worker = concurrency === 1 ? `${host}:${pid}` : `${host}:${pid}/${number}`;
    const answers = await connect(url);
    const child = new Child(threads);
    const process = async (job: Job, token: string): Promise<Returned> => {
      const began = Date.now();
      say(`trial ${job.data.order.trial.number} ${JSON.stringify(job.data.order.trial.params)}`);
      const report = reporter(job, token, answers, lease);
      const finished = await child.run(job.data.objective, job.data.order, report);
      lastWork = Date.now();
      if ('outcome' in finished) return { outcome: finished.outcome, work: { worker, began, ended: lastWork } };
      if (!isEnding) throw new Error(finished.lost);
      await job.moveToWait(token);
      throw new WaitingError();
    };
    const runner = new Worker(queue, process, {
      connection: client,
      lockDuration: lease,
      stalledInterval: lease,
      maxStalledCount: mostStalls,
      // Notices soon that Redis is back.
      drainDelay: 2,
    });
    runner.on('error', ({ message }: Error) => say(message));
    return async () => {
      child.end();
      await runner.close();
      answers.disconnect();
    };
  };
  const closers = await Promise.all(Array.from({ length: concurrency }, (_, i) => place(i + 1)));
  say(`waits for trials in ${queue}`);

  let over: () => void;
  const ended = new Promise<void>((resolve) => {
    over = resolve;
  });
  const stop = async () => {
    if (isEnding) return ended;
    isEnding = true;
    clearInterval(timer);
    const closing = Promise.allSettled(closers.map((close) => close()));
    await Promise.race([closing, new Promise<void>((resolve) => void setTimeout(resolve, quiet))]);
    client.disconnect();
    over();
  };
  const jobs = new Queue(queue, { connection: client });
  jobs.on('error', () => {});
  const timer = setInterval(() => {
    if (!untilEmpty || client.status !== 'ready') return;
    void Promise.all([jobs.getJobCountByTypes('waiting', 'active', 'delayed'), client.get(driverOf(queue))]).then(
      ([left, driver]) => {
        if (left > 0 || driver !== null) lastWork = Date.now();
        else if (Date.now() - lastWork > quiet) void stop();
      },
      () => {},
    );
  }, 1_000);
  return { ended, stop };
}

/** Sends reports of a trial and waits for the answers; without an answer within the lease, the trial goes on. */
function reporter(job: Job, run: string, client: Client, lease: number) {
  let count = 0;
  let isHeard = true;
  return async (step: number, value: number): Promise<'go on' | 'stop'> => {
    count++;
    await job.updateProgress({ run, count, step, value: Number.isFinite(value) ? value : String(value) });
    const key = answersOf(job.id, run);
    const until = Date.now() + (isHeard ? lease : 0);
    do {
      const [, text] = (await client.blpop(key, 1)) ?? [];
      const answer = text === undefined ? undefined : (JSON.parse(text) as { count: number; said: 'go on' | 'stop' });
      isHeard = answer?.count === count;
      if (isHeard) return answer!.said;
    } while (Date.now() < until);
    return 'go on';
  };
}
