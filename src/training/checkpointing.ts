import { ValueError } from '../errors';
import { describe, requireSizes, shown } from '../ops/table/arguments';
import * as names from '../option-names';
import { checkOptions } from '../options';

/** When a training writes its checkpoint, and where. */
export interface CheckpointOptions {
  /** The file, a safetensors file; it appears whole or not at all. Its folder is made. */
  file: string;
  /** After how many batches of an epoch it is written as well, beside after each epoch. Default: after none. */
  batches?: number;
  /** After how many seconds at most it is written again, between two batches. Default: 30. */
  seconds?: number;
}

/** When to write a checkpoint. @internal */
export class Checkpointing {
  readonly file: string;
  private readonly batches: number;
  private readonly milliseconds: number;
  private last = performance.now();

  constructor(given: string | CheckpointOptions) {
    const options = typeof given === 'string' ? { file: given } : given;
    if (typeof options !== 'object' || options === null)
      throw new ValueError(`fit: checkpoint must be a file, or { file, batches, seconds }, got ${describe(given)}`);
    checkOptions('fit: checkpoint', options, names.CheckpointOptions);
    const { file, batches, seconds = 30 } = options;
    requireFileName('fit: checkpoint', file);
    if (batches !== undefined) requireSizes('fit: checkpoint', { batches });
    if (!(typeof seconds === 'number' && seconds > 0))
      throw new ValueError(`fit: checkpoint: seconds is ${shown(seconds)}; it must be above 0`);
    this.file = file;
    this.batches = batches ?? Number.POSITIVE_INFINITY;
    this.milliseconds = 1000 * seconds;
  }

  isDue(batch: number): boolean {
    return batch % this.batches === 0 || performance.now() - this.last > this.milliseconds;
  }

  written(): void {
    this.last = performance.now();
  }
}

/** @throws {ValueError} unless it is a path. @internal */
export function requireFileName(who: string, file: unknown): asserts file is string {
  if (typeof file !== 'string' || file === '')
    throw new ValueError(`${who}: the file must be a path such as 'run.safetensors', got ${shown(file)}`);
}
