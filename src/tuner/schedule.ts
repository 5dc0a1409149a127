import type { Trial } from './types';

/** What is to be tried next: a trial without its parameters, which are new unless it continues another. */
export type Next = Pick<Trial, 'number' | 'bracket' | 'rung' | 'resource' | 'from'>;

/** What decides which trial comes next and which one ends early: a pruner at work. @internal */
export interface Schedule {
  /** Whether it comes to an end of itself. */
  readonly ends: boolean;
  next(): Next | 'wait' | 'done';
  /** Whether a running trial that has just reported may go on. */
  decide(number: number): 'go on' | 'stop';
}
