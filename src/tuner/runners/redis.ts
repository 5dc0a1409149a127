import { describe } from '../../describe';
import { StudyError, ValueError } from '../../errors';
import { requireSizes } from '../../ops/table/arguments';
import type { Finished, Places, Runner, Task } from './drive';
import { requireFile } from './processes';
import {
  answersOf,
  bullmq,
  type Client,
  checkAddress,
  connect,
  driverOf,
  type Job,
  type JobData,
  type Progress,
  type Queue,
  type QueueEvents,
  unreachable,
} from './redis-client';
import { outcomeFrom } from './trial';

/** Options of {@link redis}. */
export interface RedisOptions {
  /** The name of the queue that workers connect to. Default: `'gradlab'`. */
  queue?: string;
  /** Most trials in the queue at once. Default: the current number of workers. */
  places?: number;
  /** Milliseconds without a connection to Redis before it is an error. Default: 120,000. */
  patience?: number;
}

/** A worker's result of a job. @internal */
export interface Returned {
  readonly outcome: string;
  readonly work: Finished['work'];
}

/** Milliseconds between two polls, in case an event was lost. */
const pause = 1_000;
/** Seconds after which a silent driver counts as gone. */
const heartbeat = 15;
/** Seconds for which unread results are kept. */
const kept = 30 * 24 * 3600;

/**
 * Runs trials on any number of machines: they wait in a BullMQ queue of Redis for programs `npx gradlab worker
 * redis://…`. Each worker holds a lease on its trial and renews it while a child process trains. If the worker is lost,
 * its lease expires after 30 s, and another worker gets the trial. A result counts once: BullMQ accepts it only from
 * the holder of the lease, atomically, and the journal only for a trial that has not ended. This program may end, too:
 * the same call later finds the results.
 *
 * The objective is a file that each worker has, by a path relative to its working directory. Everyone with write access
 * to that Redis determines what workers load: keep it private. bullmq and ioredis must be installed.
 * @throws {ValueError} for an invalid address or option; {@link StudyError}, when it runs, if Redis is unreachable, or
 * a package is missing.
 */
export function redis(url: string, options: RedisOptions = {}): Runner {
  checkAddress('tuner.redis', url);
  const { queue = 'gradlab', places, patience = 120_000 } = options;
  if (typeof queue !== 'string' || !/^[\w.-]+$/.test(queue))
    throw new ValueError(`tuner.redis: a queue has a name of letters, digits, dots and dashes, got ${describe(queue)}`);
  if (places !== undefined) requireSizes('tuner.redis', { places });
  return {
    async open(task): Promise<Places> {
      const file = requireFile('tuner.redis', task.objective);
      const { Queue, QueueEvents } = bullmq();
      const client = await connect(url);
      const waiting = new Queue(queue, { connection: client });
      const events = new QueueEvents(queue, { connection: client });
      return new Remote(url, { queue, places, patience }, task, file, { client, queue: waiting, events });
    },
  };
}

/** A trial in the queue. */
interface Sent {
  readonly data: JobData;
  settle(finished: Finished): void;
  fail(error: unknown): void;
  /** Whether it is being examined, and whether to examine it again. */
  isLooked: boolean;
  again: boolean;
  /** The last report that was answered. */
  answered?: string;
}

class Remote implements Places {
  private readonly client: Client;
  private readonly queue: Queue;
  private readonly events: QueueEvents;
  private readonly sent = new Map<string, Sent>();
  private readonly timer: ReturnType<typeof setInterval>;
  private downSince: number | undefined;
  private saidAt = 0;
  private counted = 1;
  private hasWarned = false;
  private readonly began = Date.now();
  private why = 'the connection was lost';

  constructor(
    private readonly url: string,
    private readonly options: { queue: string; places: number | undefined; patience: number },
    private readonly task: Task,
    private readonly file: JobData['objective'],
    { client, queue, events }: { client: Client; queue: Queue; events: QueueEvents },
  ) {
    this.client = client;
    this.queue = queue;
    this.events = events;
    // The client reconnects by itself; `count` limits the time.
    const hear = (error: Error | { jobId: string }) => {
      this.why = (error as Error).message || this.why;
    };
    queue.on('error', hear);
    events.on('error', hear);
    for (const event of ['completed', 'failed', 'progress']) events.on(event, ({ jobId }) => void this.look(jobId));
    this.timer = setInterval(() => {
      for (const id of this.sent.keys()) void this.look(id);
    }, pause);
  }

  async count(): Promise<number> {
    const now = Date.now();
    if (this.client.status === 'ready') this.downSince = undefined;
    else {
      this.downSince ??= now;
      if (now - this.downSince > this.options.patience) throw unreachable(this.url, this.why);
      return 0;
    }
    if (now - this.saidAt > pause) {
      this.saidAt = now;
      void this.client.set(driverOf(this.options.queue), 'here', 'EX', heartbeat).catch(() => {});
      void this.queue.getWorkersCount().then(
        (count) => {
          this.counted = Math.max(1, count);
          this.warn(count);
        },
        () => {},
      );
    }
    return this.options.places ?? this.counted;
  }

  async start(order: JobData['order']): Promise<Finished> {
    const id = `${this.task.study}-${order.trial.number}`;
    const data = { objective: this.file, order };
    return new Promise((settle, fail) => {
      this.sent.set(id, { data, settle, fail, isLooked: false, again: false });
      void this.look(id);
    });
  }

  async close(): Promise<void> {
    clearInterval(this.timer);
    this.sent.clear();
    const closing = Promise.allSettled([
      this.client.del(driverOf(this.options.queue)),
      this.queue.close(),
      this.events.close(),
    ]);
    // Without a connection to Redis, none of these promises settles.
    await Promise.race([closing, new Promise<void>((resolve) => void setTimeout(resolve, pause))]);
    this.client.disconnect();
  }

  /** Processes the state of a trial, again if an event arrived meanwhile. */
  private async look(id: string): Promise<void> {
    const one = this.sent.get(id);
    if (one === undefined) return;
    one.again = true;
    if (one.isLooked) return;
    one.isLooked = true;
    try {
      while (one.again && this.sent.get(id) === one) {
        one.again = false;
        await this.act(id, one);
      }
    } catch (error) {
      // Other errors, of Redis or the network, lead to a retry.
      if (error instanceof StudyError) one.fail(error);
    } finally {
      one.isLooked = false;
    }
  }

  private async act(id: string, one: Sent): Promise<void> {
    const job = await this.queue.getJob(id);
    if (job === undefined) {
      // It was not sent yet, or Redis has lost it.
      await this.queue.add('trial', one.data, {
        jobId: id,
        removeOnComplete: { age: kept },
        removeOnFail: { age: kept },
      });
    } else if (job.finishedOn === undefined) await this.answer(job, one);
    else {
      this.sent.delete(id);
      const { outcome, work } = (job.returnvalue ?? {}) as Partial<Returned>;
      // A result is kept until it is in the journal. A lost job is removed first, because the trial is sent again with
      // the same id.
      if (outcome === undefined) await job.remove();
      const now = Date.now();
      if (outcome !== undefined && work !== undefined)
        one.settle({ outcome: outcomeFrom(outcome), work, told: () => void job.remove().catch(() => {}) });
      else
        one.settle({
          lost: job.failedReason ?? 'it has no result',
          work: { worker: 'unknown', began: job.finishedOn ?? now, ended: now },
        });
    }
  }

  /** Answers a report that a trial waits for. */
  private async answer(job: Job, one: Sent): Promise<void> {
    const { run, count, step, value } = (typeof job.progress === 'object' ? job.progress : {}) as Partial<Progress>;
    const report = `${run} ${count}`;
    if (run === undefined || count === undefined || step === undefined || one.answered === report) return;
    const said = this.task.report(one.data.order.trial.number, step, Number(value));
    const key = answersOf(job.id, run);
    await this.client.rpush(key, JSON.stringify({ count, said }));
    await this.client.expire(key, 3600);
    one.answered = report;
  }

  private warn(workers: number): void {
    if (workers > 0 || this.hasWarned || Date.now() - this.began < 5 * pause) return;
    this.hasWarned = true;
    console.warn(
      `No worker is there yet: start some by \`npx gradlab worker ${this.url.replace(/:[^:@/]*@/, ':…@')}\``,
    );
  }
}
