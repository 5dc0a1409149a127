import { StudyError, ValueError } from '../../errors';
import { requireSizes, shown } from '../../ops/table/arguments';
import * as names from '../../option-names';
import { checkOptions } from '../../options';
import { refuseSurplus } from '../../surplus';
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
  /** The name of the queue, by which workers find it. Default: `'gradlab'`. */
  queue?: string;
  /** How many trials may be given out at once. Default: as many as there are workers, counted anew all the time. */
  places?: number;
  /** How many milliseconds Redis may be out of reach while trials run. Default: 120,000. */
  patience?: number;
}

/** What a worker gives back for a job. @internal */
export interface Returned {
  readonly outcome: string;
  readonly work: Finished['work'];
}

/** Milliseconds after which is looked anyway, should an event be lost. */
const pause = 1_000;
/** Seconds for which a driver that says nothing counts as being there. */
const heartbeat = 15;
/** Seconds for which results stay that nobody has taken. */
const kept = 30 * 24 * 3600;

/**
 * Runs trials on any number of machines: they wait in a queue of Redis, of BullMQ's kind, for programs `npx gradlab worker redis://…`.
 * Each worker holds a lease on its trial, which it renews while a process of its own trains; when it is lost, so is its lease after
 * 30 s, and another worker gets the trial. A result counts once: BullMQ takes it from whoever holds the lease, in one step, and the
 * journal from no trial that has ended. This program may end, too: the same call finds what has been done meanwhile.
 *
 * The objective is a file that each worker has, by a path from the folder in which it was started. Whoever can write to that Redis
 * decides what workers load: keep it private. bullmq and ioredis must be installed.
 * @throws {ValueError} for what is no address or no option; {@link StudyError}, when it runs, if Redis is out of reach, or a package is missing.
 */
export function redis(url: string, options: RedisOptions = {}): Runner {
  if (arguments.length > 2) refuseSurplus('tuner.redis', arguments, 2);
  checkOptions('tuner.redis', options, names.RedisOptions);
  checkAddress('tuner.redis', url);
  const { queue = 'gradlab', places, patience = 120_000 } = options;
  if (typeof queue !== 'string' || !/^[\w.-]+$/.test(queue))
    throw new ValueError(`tuner.redis: a queue has a name of letters, digits, dots and dashes, got ${shown(queue)}`);
  if (places !== undefined) requireSizes('tuner.redis', { places });
  return {
    async open(task): Promise<Places> {
      const file = requireFile('tuner.redis', task.objective);
      const { Queue, QueueEvents } = bullmq();
      const client = await connect(url);
      const waiting = new Queue(queue, { connection: client });
      const events = new QueueEvents(queue, { connection: client });
      return new Remote(url, { queue, places, patience }, task, file, client, waiting, events);
    },
  };
}

/** A trial that is in the queue. */
interface Sent {
  readonly data: JobData;
  settle(finished: Finished): void;
  fail(error: unknown): void;
  /** Whether somebody looks at it right now, and whether to look again. */
  isLooked: boolean;
  again: boolean;
  /** The last report that was answered. */
  answered?: string;
}

class Remote implements Places {
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
    private readonly client: Client,
    private readonly queue: Queue,
    private readonly events: QueueEvents,
  ) {
    // A connection is made anew by itself; how long that may take is decided in `count`.
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
    // Where Redis is away, none of that ends.
    await Promise.race([closing, new Promise<void>((resolve) => void setTimeout(resolve, pause))]);
    this.client.disconnect();
  }

  /** Looks what has become of a trial, as long as something may have happened meanwhile. */
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
      // What Redis or the network refuses is tried again.
      if (error instanceof StudyError) one.fail(error);
    } finally {
      one.isLooked = false;
    }
  }

  private async act(id: string, one: Sent): Promise<void> {
    const job = await this.queue.getJob(id);
    if (job === undefined) {
      // Not sent yet, or Redis has lost it.
      await this.queue.add('trial', one.data, {
        jobId: id,
        removeOnComplete: { age: kept },
        removeOnFail: { age: kept },
      });
    } else if (job.finishedOn === undefined) await this.answer(job, one);
    else {
      this.sent.delete(id);
      const { outcome, work } = (job.returnvalue ?? {}) as Partial<Returned>;
      // A result stays until it is in the journal; what was lost goes first, for the trial is sent again under its name.
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

  /** Answers a report for which a trial waits. */
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
