import type { Trial } from './types';

/** The next trial without its parameters, which are new unless it continues another. */
export type Next = Pick<Trial, 'number' | 'bracket' | 'rung' | 'resource' | 'from'>;

/** The state of a pruner, which decides which trial comes next and which one ends early. @internal */
export interface Schedule {
  /** Whether it ends by itself. */
  readonly ends: boolean;
  next(): Next | 'wait' | 'done';
  /** Whether a running trial may continue after its last report. */
  decide(number: number): 'go on' | 'stop';
}
