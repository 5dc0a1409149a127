// The used parts of bullmq and ioredis, which are optional dependencies.
import { describe } from '../../describe';
import { StudyError, ValueError } from '../../errors';
import { optionalPackage } from '../../platform';
import type { ObjectiveFile, Order } from './trial';

/** A connection to Redis. */
export interface Client {
  on(event: string, listener: (error: Error) => void): void;
  readonly status: string;
  ping(): Promise<unknown>;
  get(key: string): Promise<string | null>;
  set(key: string, value: string, unit: 'EX', seconds: number): Promise<unknown>;
  del(key: string): Promise<unknown>;
  rpush(key: string, value: string): Promise<unknown>;
  expire(key: string, seconds: number): Promise<unknown>;
  blpop(key: string, seconds: number): Promise<[string, string] | null>;
  disconnect(): void;
}

/** The data of a trial in the queue. */
export interface JobData {
  readonly objective: ObjectiveFile;
  readonly order: Order;
}

/** A trial's last report: its number and its run. */
export interface Progress {
  readonly run: string;
  readonly count: number;
  readonly step: number;
  readonly value: number | string;
}

export interface Job {
  readonly id: string;
  readonly data: JobData;
  readonly progress: Partial<Progress> | number;
  readonly returnvalue: unknown;
  readonly failedReason?: string;
  readonly finishedOn?: number;
  updateProgress(progress: Progress): Promise<void>;
  moveToWait(token: string): Promise<unknown>;
  remove(): Promise<void>;
}

export interface Queue {
  add(name: string, data: JobData, options: object): Promise<Job>;
  getJob(id: string): Promise<Job | undefined>;
  getJobCountByTypes(...types: string[]): Promise<number>;
  getWorkersCount(): Promise<number>;
  on(event: string, listener: (error: Error) => void): void;
  close(): Promise<void>;
}

export interface QueueEvents {
  on(event: string, listener: (what: { jobId: string }) => void): void;
  close(): Promise<void>;
}

export interface Worker {
  on(event: string, listener: (...what: never[]) => void): void;
  close(force?: boolean): Promise<void>;
}

/** The used part of BullMQ. */
export interface BullMQ {
  Queue: new (name: string, options: object) => Queue;
  QueueEvents: new (name: string, options: object) => QueueEvents;
  Worker: new (name: string, processor: (job: Job, token: string) => Promise<unknown>, options: object) => Worker;
  WaitingError: new () => Error;
}

/** Loads BullMQ. @throws {StudyError} if it is not installed. */
export const bullmq = (): BullMQ => needed('bullmq') as BullMQ;

/** @throws {ValueError} unless it is the address of a Redis server. @internal */
export function checkAddress(op: string, url: unknown): asserts url is string {
  if (typeof url !== 'string' || !/^rediss?:\/\/[^/]/.test(url))
    throw new ValueError(
      `${op}: expected the address of a Redis server, such as 'redis://127.0.0.1:6379', got ${describe(url)}`,
    );
}

/** Milliseconds that the first connection to Redis may take. */
const patience = 5_000;

/**
 * Connects to Redis, and reconnects after a lost connection until `disconnect`.
 * @throws {StudyError} if the server cannot be reached, or ioredis is not installed.
 */
export async function connect(url: string): Promise<Client> {
  const { Redis } = needed('ioredis') as { Redis: new (url: string, options: object) => Client };
  const client = new Redis(url, {
    maxRetriesPerRequest: null,
    retryStrategy: (times: number) => Math.min(50 * times, 1000),
  });
  let last = 'it does not answer';
  client.on('error', ({ message, ...rest }) => {
    last = message || String((rest as { code?: string }).code);
  });
  const late = new Promise<'late'>((resolve) => void setTimeout(() => resolve('late'), patience));
  // Without an answer in time, a server may exist that refuses the connection, for lack of a password.
  const answer = await Promise.race([client.ping(), late]).catch((error: Error) => {
    last = error.message;
    return 'late';
  });
  if (answer !== 'late') return client;
  client.disconnect();
  throw unreachable(url, last);
}

/** @internal */
export const unreachable = (url: string, why: string): StudyError =>
  new StudyError(
    `Redis at ${url.replace(/:[^:@/]*@/, ':…@')} cannot be reached: ${why}. Start it, as by \`redis-server --appendonly yes\`, or correct the address; ` +
      'what has ended is in the journal, and the same call goes on',
  );

function needed(name: string): unknown {
  const found = optionalPackage(name);
  if (found !== undefined) return found;
  throw new StudyError(
    'Redis is reached by the packages bullmq and ioredis, which are not installed: `npm install bullmq ioredis`',
  );
}

/** Returns the key of the answers to a trial's reports. */
export const answersOf = (job: string, run: string): string => `gradlab:answers:${job}:${run}`;

/** Returns a key that exists while a driver assigns trials. */
export const driverOf = (queue: string): string => `gradlab:driver:${queue}`;
