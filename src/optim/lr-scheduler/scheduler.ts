import { describe } from '../../describe';
import { ValueError } from '../../errors';
import { mapNested } from '../../nested-values';
import { Optimizer, type OptimizerOptions, type ParamGroup } from '../optimizer';

/** The state of a scheduler as plain data, by the names of its fields. */
export type SchedulerState = Record<string, unknown>;

/** Option of most schedulers. */
export interface LastEpochOption {
  /**
   * The last completed epoch; default -1, which starts from the beginning. To continue from another one, the groups of
   * the optimizer must have an `initialLr`.
   */
  lastEpoch?: number;
}

/** Base of all schedulers, {@link ReduceLROnPlateau} included. */
export abstract class SchedulerBase {
  /** The optimizer whose learning rates are set. */
  readonly optimizer: Optimizer;
  /** The learning rates after the last step. @internal */
  protected lastLr: number[] = [];

  /** @internal */
  constructor(optimizer: Optimizer) {
    if (!(optimizer instanceof Optimizer))
      throw new ValueError(`${this.name}: the first argument must be an optimizer, got ${describe(optimizer)}`);
    this.optimizer = optimizer;
  }

  /** @internal */
  protected get name(): string {
    return this.constructor.name;
  }

  /** @internal */
  protected get groups(): ParamGroup<OptimizerOptions>[] {
    return this.optimizer.paramGroups;
  }

  /** The learning rate of each group that the last step has set (`torch.optim.lr_scheduler.LRScheduler.get_last_lr`). */
  getLastLr(): number[] {
    return [...this.lastLr];
  }

  /** @internal */
  protected noteLrs(): void {
    this.lastLr = this.groups.map((group) => group.lr);
  }

  /**
   * Everything but the optimizer and functions, copied (`torch.optim.lr_scheduler.LRScheduler.state_dict`). The learning
   * rates themselves are part of the optimizer's state: save both.
   */
  stateDict(): SchedulerState {
    return Object.fromEntries(this.saved().map(([name, value]) => [name, copied(value)]));
  }

  /**
   * Takes over the state of a scheduler of the same kind (`torch.optim.lr_scheduler.LRScheduler.load_state_dict`).
   * Nothing is changed if it throws.
   * @throws {ValueError} if the state is that of another kind of scheduler.
   */
  loadStateDict(state: SchedulerState): void {
    this.checkState(state);
    for (const [name, own] of this.saved()) {
      const value = state[name];
      if (isSchedulers(own))
        own.forEach((scheduler, i) => {
          scheduler.loadStateDict((value as SchedulerState[])[i]);
        });
      else Object.assign(this, { [name]: copied(value) });
    }
  }

  /** @internal */
  checkState(state: SchedulerState): void {
    if (typeof state !== 'object' || state === null)
      throw new ValueError(
        `loadStateDict: needs a state of ${this.name}, as stateDict() returns it, got ${describe(state)}`,
      );
    const own = new Map(this.saved());
    const wrong = [
      ...[...own.keys()].filter((name) => !Object.hasOwn(state, name)).map((name) => `${name} is missing`),
      ...Object.keys(state).flatMap((name) => (own.has(name) ? [] : [`${name} is unexpected`])),
    ];
    if (wrong.length > 0)
      throw new ValueError(`loadStateDict: this is not the state of a ${this.name}: ${wrong.join(', ')}`);
    for (const [name, value] of own) {
      if (!isSchedulers(value)) continue;
      const states = [state[name]].flat() as SchedulerState[];
      if (states.length !== value.length)
        throw new ValueError(
          `loadStateDict: the state has ${states.length} schedulers, this ${this.name} ${value.length}`,
        );
      value.forEach((scheduler, i) => {
        scheduler.checkState(states[i]);
      });
    }
  }

  /** The fields that are saved. */
  private saved(): [string, unknown][] {
    const isFunction = (value: unknown) => typeof value === 'function';
    return Object.entries(this).filter(([name, value]) => name !== 'optimizer' && ![value].flat().some(isFunction));
  }
}

function isSchedulers(value: unknown): value is SchedulerBase[] {
  return Array.isArray(value) && value[0] instanceof SchedulerBase;
}

function copied(value: unknown): unknown {
  return mapNested('stateDict', value, (one) => (one instanceof SchedulerBase ? one.stateDict() : one));
}

/** A scheduler that is stepped once per epoch or batch, without arguments (`torch.optim.lr_scheduler.LRScheduler`). */
export abstract class LRScheduler extends SchedulerBase {
  /**
   * Goes on to the next epoch and sets the learning rates of the optimizer
   * (`torch.optim.lr_scheduler.LRScheduler.step`). Call it after `optimizer.step()`.
   */
  abstract step(): void;

  /** The first step, which the constructor makes. @internal */
  abstract begin(): void;

  /** Takes the first step back, or goes back to `epoch`, without setting learning rates. @internal */
  abstract rewind(epoch?: number): void;

  /** Starts at epoch 0, whatever the learning rates are. @internal */
  abstract restart(): void;
}

/** A scheduler with a rule for the learning rate of a group. */
export abstract class EpochScheduler extends LRScheduler {
  /** The learning rates from which the schedule starts. */
  baseLrs: number[] = [];
  /** The epoch whose learning rates are set (`torch.optim.lr_scheduler.LRScheduler.last_epoch`). */
  lastEpoch: number;
  /** How often `step()` was called, the step of the constructor included. @internal */
  protected stepCount = 0;
  /** Whether the step is the one that the constructor makes. */
  #initial = false;

  /** Subclasses set their fields and then call {@link start}. @internal */
  constructor(optimizer: Optimizer, lastEpoch: number) {
    super(optimizer);
    if (!Number.isInteger(lastEpoch) || lastEpoch < -1)
      throw new ValueError(`${this.name}: lastEpoch is ${lastEpoch}; it must be a whole number of at least -1`);
    this.lastEpoch = lastEpoch;
  }

  /** The learning rate of group `k` at `lastEpoch`, from the one before. @internal */
  protected abstract next(lr: number, base: number, k: number): number;

  /** The learning rate of group `k` at epoch 0 when the schedule begins again. @internal */
  protected first(base: number, lr: number, k: number): number {
    return this.next(lr, base, k);
  }

  /** @internal */
  protected get isInitial(): boolean {
    return this.#initial;
  }

  /** Notes the initial learning rates and makes the first step. @internal */
  protected start(): void {
    this.groups.forEach((group, k) => {
      if (this.lastEpoch === -1) group.initialLr ??= group.lr;
      else if (group.initialLr === undefined)
        throw new ValueError(
          `${this.name}: lastEpoch is ${this.lastEpoch}, but group ${k} of the optimizer has no initialLr to go on ` +
            'from; load the state of the optimizer first',
        );
    });
    this.baseLrs = this.groups.map((group) => group.initialLr!);
    this.begin();
  }

  /** @internal */
  begin(): void {
    this.stepCount = 0;
    this.#initial = true;
    try {
      this.step();
    } finally {
      this.#initial = false;
    }
  }

  step(): void {
    this.countStep();
    this.lastEpoch++;
    this.setLrs((lr, base, k) => this.next(lr, base, k));
  }

  /** @internal */
  rewind(epoch = this.lastEpoch - 1): void {
    this.lastEpoch = epoch;
  }

  /** @internal */
  restart(): void {
    this.lastEpoch = 0;
    this.setLrs((lr, base, k) => this.first(base, lr, k));
  }

  /** @internal */
  protected countStep(): void {
    if (this.stepCount === 1 && this.optimizer.stepsTaken === 0)
      console.warn(
        `${this.name}: step() was called before the optimizer's step(), so the first learning rate of the schedule is ` +
          'skipped; call optimizer.step() first',
      );
    this.stepCount++;
  }

  /** @internal */
  protected setLrs(rule: (lr: number, base: number, k: number) => number): void {
    const lrs = this.groups.map((group, k) => rule(group.lr, this.baseLrs[k] ?? group.lr, k));
    this.groups.forEach((group, k) => {
      group.lr = lrs[k];
    });
    this.noteLrs();
  }
}

/**
 * One value for each group of the optimizer, of one value for all or a list.
 * @throws {ValueError} if the list has another length than the groups.
 * @internal
 */
export function perGroup<T>(owner: string, option: string, value: T | readonly T[], optimizer: Optimizer): T[] {
  const n = optimizer.paramGroups.length;
  // Functions are looked at by those who take them.
  const given: unknown[] = Array.isArray(value) ? [...value] : [value];
  const wrong = option === 'lrLambda' ? -1 : given.findIndex((v) => typeof v !== 'number');
  if (wrong >= 0)
    throw new ValueError(
      `${owner}: ${option} is ${describe(given[wrong])}; it must be a number, or a list of one for each group`,
    );
  if (!Array.isArray(value)) return Array(n).fill(value);
  if (value.length !== n)
    throw new ValueError(`${owner}: ${option} has ${value.length} values, the optimizer ${n} groups`);
  return [...value];
}
