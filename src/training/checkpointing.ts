import { describe } from '../describe';
import { ValueError } from '../errors';
import { requireSizes } from '../ops/table/arguments';
import * as names from '../option-names';
import { checkOptions } from '../options';

/** File and times of a training's checkpoint. */
export interface CheckpointOptions {
  /** The path of the safetensors file, written atomically. Its folder is created. */
  file: string;
  /** Number of batches between two checkpoints within an epoch. Default: only after epochs. */
  batches?: number;
  /** Most seconds between two checkpoints; written between batches. Default: 30. */
  seconds?: number;
}

/** Decides when to write a checkpoint. @internal */
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
      throw new ValueError(`fit: checkpoint: seconds is ${describe(seconds)}; it must be above 0`);
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
    throw new ValueError(`${who}: the file must be a path such as 'run.safetensors', got ${describe(file)}`);
}
