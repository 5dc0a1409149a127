import { describe } from '../describe';
import { ValueError } from '../errors';
import { requireSizes } from '../ops/table/arguments';
import type { AnyParams, Choice } from './types';

/** A real number between two bounds, both included: made by {@link float}. */
export interface FloatParameter {
  readonly kind: 'float';
  readonly low: number;
  readonly high: number;
  readonly log: boolean;
  readonly step?: number;
}

/** A whole number between two bounds, both included: made by {@link int}. */
export interface IntParameter {
  readonly kind: 'int';
  readonly low: number;
  readonly high: number;
  readonly log: boolean;
  readonly step: number;
}

/** One of some choices: made by {@link categorical}. */
export interface CategoricalParameter<C extends Choice = Choice> {
  readonly kind: 'categorical';
  readonly choices: readonly C[];
}

/** A parameter without a condition. */
export type PlainParameter = FloatParameter | IntParameter | CategoricalParameter;

/** Values that other parameters must have: one, or one of several, by name. */
export type Condition = { readonly [name: string]: Choice | readonly Choice[] };

/** A parameter that exists only where others have certain values: made by {@link when}. */
export interface ConditionalParameter<P extends PlainParameter = PlainParameter, C extends Condition = Condition> {
  readonly kind: 'when';
  readonly condition: C;
  readonly parameter: P;
}

/** Any parameter of a space. */
export type Parameter = PlainParameter | ConditionalParameter;

/** The parameters of a space by name. */
export type SpaceShape = { readonly [name: string]: Parameter };

/** The type of a parameter's values. */
export type ValueOf<P> =
  P extends CategoricalParameter<infer C> ? C : P extends ConditionalParameter<infer Q> ? ValueOf<Q> : number;

type ConditionalNames<S> = { [K in keyof S]: S[K] extends ConditionalParameter ? K : never }[keyof S];

/** The types of a trial's parameters; those with a condition may be absent. */
export type ParamsOf<S> = {
  readonly [K in Exclude<keyof S, ConditionalNames<S>>]: ValueOf<S[K]>;
} & { readonly [K in ConditionalNames<S>]?: ValueOf<S[K]> } extends infer P
  ? { readonly [K in keyof P]: P[K] }
  : never;

/** A condition whose names are parameters of the space, with possible values of these. */
export type CheckedCondition<S, C> = {
  readonly [N in keyof C]: N extends keyof S ? ValueOf<S[N]> | readonly ValueOf<S[N]>[] : never;
};

/** A space whose conditions name its parameters and their values; errors do not compile. */
export type CheckedSpace<S> = {
  readonly [K in keyof S]: S[K] extends ConditionalParameter<infer P, infer C>
    ? { readonly kind: 'when'; readonly condition: CheckedCondition<S, C>; readonly parameter: P }
    : S[K];
};

/** Options of {@link float}. */
export interface FloatOptions {
  /** Whether values are uniform on a logarithmic scale. Default: false. */
  log?: boolean;
  /** The distance between values, from `low`; not with `log`. Default: any value between the bounds. */
  step?: number;
}

/** Options of {@link int}. */
export interface IntOptions {
  /** Whether values are uniform on a logarithmic scale. Default: false. */
  log?: boolean;
  /** The distance between values, from `low`; with `log` it is 1. Default: 1. */
  step?: number;
}

function checkBounds(op: string, low: number, high: number, log: boolean): void {
  for (const [name, value] of [
    ['low', low],
    ['high', high],
  ] as const)
    if (typeof value !== 'number' || !Number.isFinite(value))
      throw new ValueError(`${op}: ${name} must be a finite number, got ${describe(value)}`);
  if (high - low > Number.MAX_VALUE)
    throw new ValueError(`${op}: from ${low} to ${high} is farther than numbers reach: give bounds that are closer`);
  if (low > high) throw new ValueError(`${op}: low is ${low}, above high, ${high}: give the smaller first`);
  if (typeof log !== 'boolean') throw new ValueError(`${op}: log must be true or false, got ${describe(log)}`);
}

/** Returns the largest value that is a whole number of steps from `low`. */
function reached(low: number, high: number, step: number): number {
  // Rounded, because (0.3 - 0) / 0.1 is 2.9999999999999996, but means three steps.
  const steps = Math.floor(Number(((high - low) / step).toPrecision(12)));
  return Math.min(high, Number((low + steps * step).toPrecision(15)));
}

/**
 * A real number from `low` to `high`, both included: uniform, uniform on a logarithmic scale, or in steps (Optuna's
 * `suggest_float`). If steps do not reach `high`, the last value that they reach is the bound.
 * @throws {ValueError} if the bounds are not finite or in the wrong order, or with `log` not above 0.
 *
 * @example
 * tuner.float(0.3, 1).high // 1
 */
export function float(low: number, high: number, options: FloatOptions = {}): FloatParameter {
  const { log = false, step } = options;
  checkBounds('tuner.float', low, high, log);
  if (log && low <= 0)
    throw new ValueError(
      `tuner.float: low must be above 0 for a logarithm, got ${low}: give a small number, such as 1e-6`,
    );
  if (step === undefined) return { kind: 'float', low, high, log };
  if (log) throw new ValueError('tuner.float: log and step exclude each other: leave one out');
  if (!(Number.isFinite(step) && step > 0))
    throw new ValueError(`tuner.float: step must be above 0, got ${describe(step)}`);
  return { kind: 'float', low, high: reached(low, high, step), log, step };
}

/**
 * A whole number from `low` to `high`, both included: uniform, uniform on a logarithmic scale, or in steps (Optuna's
 * `suggest_int`). If steps do not reach `high`, the last value that they reach is the bound.
 * @throws {ValueError} if the bounds are not whole or in the wrong order, or with `log` below 1.
 *
 * @example
 * tuner.int(4, 64, { step: 4 }).step // 4
 */
export function int(low: number, high: number, options: IntOptions = {}): IntParameter {
  const { log = false, step = 1 } = options;
  checkBounds('tuner.int', low, high, log);
  for (const bound of [low, high])
    if (!Number.isSafeInteger(bound)) throw new ValueError(`tuner.int: bounds must be whole numbers, got ${bound}`);
  requireSizes('tuner.int', { step });
  if (log && low < 1) throw new ValueError(`tuner.int: low must be 1 or more for a logarithm, got ${low}`);
  if (log && step !== 1) throw new ValueError('tuner.int: log and step exclude each other: leave one out');
  return { kind: 'int', low, high: low + Math.floor((high - low) / step) * step, log, step };
}

/**
 * One of these choices, without an order: strings, numbers, booleans or null (Optuna's `suggest_categorical`).
 * @throws {ValueError} if there are none, one is given twice, or one is of another type.
 *
 * @example
 * tuner.categorical(['relu', 'tanh']).choices.length // 2
 */
export function categorical<const C extends Choice>(choices: readonly C[]): CategoricalParameter<C> {
  if (!Array.isArray(choices) || choices.length === 0)
    throw new ValueError("tuner.categorical: there must be a choice, such as ['relu', 'tanh']");
  for (const choice of choices as readonly unknown[]) {
    const isChoice = choice === null || ['string', 'boolean'].includes(typeof choice) || Number.isFinite(choice);
    if (!isChoice)
      throw new ValueError(
        `tuner.categorical: a choice must be a text, a finite number, true, false or null, got ${describe(choice)}; for anything else name the choices and look them up in the objective`,
      );
  }
  const twice = choices.find((choice, i) => choices.indexOf(choice) !== i);
  if (twice !== undefined) throw new ValueError(`tuner.categorical: the choice ${describe(twice)} is given twice`);
  return { kind: 'categorical', choices: [...choices] };
}

/**
 * A parameter that exists only in trials where other parameters, listed before it in the space, have the values of
 * `condition` (one value or a list of several). If one of these is absent, so is this parameter.
 * @throws {ValueError} for an empty condition.
 *
 * @example
 * const space = tuner.space({
 *   optimizer: tuner.categorical(['sgd', 'adam']),
 *   momentum: tuner.when({ optimizer: 'sgd' }, tuner.float(0, 0.99)),
 * });
 * space.names.length // 2
 */
export function when<const C extends Condition, P extends PlainParameter>(
  condition: C,
  parameter: P,
): ConditionalParameter<P, C> {
  if (typeof condition !== 'object' || condition === null || Object.keys(condition).length === 0)
    throw new ValueError("tuner.when: the condition must name a parameter and its value, as in { optimizer: 'sgd' }");
  const kind = (parameter as { kind?: unknown } | undefined)?.kind;
  if ((kind as string) === 'when')
    throw new ValueError('tuner.when: a condition within a condition: name all parameters in one, { a: …, b: … }');
  if (!['float', 'int', 'categorical'].includes(kind as string))
    throw new ValueError('tuner.when: the parameter must be a float, an int or a categorical of tuner');
  return { kind: 'when', condition, parameter };
}

/** Named parameters of trials: made by {@link space}. `P` is the type of a trial's values. */
export class Space<P = AnyParams> {
  /** The parameters as given. */
  readonly parameters: SpaceShape;
  /** Names of the parameters, in order. */
  readonly names: readonly string[];
  /** Carries the type; the value does not exist. */
  declare readonly params?: P;

  /** @internal */
  constructor(parameters: SpaceShape) {
    if (typeof parameters !== 'object' || parameters === null)
      throw new ValueError('a space is made by tuner.space({ … }), of parameters by name');
    this.parameters = parameters;
    this.names = Object.keys(parameters);
  }

  /** Returns the parameter without its condition. @internal */
  plain(name: string): PlainParameter {
    const parameter = this.parameters[name]!;
    return parameter.kind === 'when' ? parameter.parameter : parameter;
  }

  /** Whether a trial with these values of earlier parameters has this one. @internal */
  isActive(name: string, params: AnyParams): boolean {
    const parameter = this.parameters[name]!;
    if (parameter.kind !== 'when') return true;
    return Object.entries(parameter.condition).every(([other, wanted]) => {
      const value = params[other];
      return value !== undefined && (isList(wanted) ? wanted.includes(value) : wanted === value);
    });
  }

  /** Returns the fault of a trial's values, if any. @internal */
  fault(params: AnyParams): string | undefined {
    const strange = Object.keys(params).find((name) => !this.names.includes(name));
    if (strange !== undefined) return `there is no parameter ${strange}; the space has ${this.names.join(', ')}`;
    for (const name of this.names) {
      const value = params[name];
      const isActive = this.isActive(name, params);
      if (isActive !== (value !== undefined))
        return `${name} is ${isActive ? 'missing' : 'there without its condition'}`;
      if (isActive && !contains(this.plain(name), value!)) return `${name} cannot be ${describe(value)}`;
    }
    return undefined;
  }
}

const isList = (wanted: Choice | readonly Choice[]): wanted is readonly Choice[] => Array.isArray(wanted);

/** Whether a parameter can have this value. @internal */
export function contains(parameter: PlainParameter, value: Choice): boolean {
  if (parameter.kind === 'categorical') return parameter.choices.includes(value);
  const { kind, low, high } = parameter;
  return typeof value === 'number' && value >= low && value <= high && (kind === 'float' || Number.isInteger(value));
}

/** Returns the value of a parameter with only one; it is not drawn. @internal */
export function onlyValue(parameter: PlainParameter): Choice | undefined {
  if (parameter.kind === 'categorical') return parameter.choices.length === 1 ? parameter.choices[0] : undefined;
  return parameter.low === parameter.high ? parameter.low : undefined;
}

/**
 * A space of parameters by name; its type is that of the trials' parameters. Conditions with unknown names or values do
 * not compile.
 * @throws {ValueError} if it is empty, a value is not a parameter, or a condition names an unknown parameter, a later
 * one, or a value that it cannot have.
 *
 * @example
 * const space = tuner.space({ rate: tuner.float(1e-4, 1, { log: true }), act: tuner.categorical(['relu', 'tanh']) });
 * space.names // ['rate', 'act']
 */
export function space<const S extends SpaceShape>(parameters: S & CheckedSpace<S>): Space<ParamsOf<S>> {
  const shape: SpaceShape = parameters;
  if (typeof shape !== 'object' || shape === null || Object.keys(shape).length === 0)
    throw new ValueError(
      'tuner.space: the space is empty: name a parameter, as in { rate: tuner.float(1e-4, 1, { log: true }) }',
    );
  const before: string[] = [];
  for (const [name, parameter] of Object.entries(shape)) {
    const kind = (parameter as { kind?: unknown } | undefined)?.kind;
    if (!['float', 'int', 'categorical', 'when'].includes(kind as string))
      throw new ValueError(
        `tuner.space: ${name} must be made by tuner.float, int, categorical or when, got ${describe(parameter)}`,
      );
    if (parameter.kind === 'when')
      for (const [other, wanted] of Object.entries(parameter.condition)) {
        if (!before.includes(other))
          throw new ValueError(
            `tuner.space: ${name} depends on ${other}, which ${other in shape ? 'comes after it: put it first' : `is not a parameter; the parameters before it are ${before.join(', ') || 'none'}`}`,
          );
        const parent = shape[other]!;
        const plain = parent.kind === 'when' ? parent.parameter : parent;
        const values = isList(wanted) ? wanted : [wanted];
        const never = values.find((value) => !contains(plain, value));
        if (never !== undefined || values.length === 0)
          throw new ValueError(
            `tuner.space: ${name} would never be there: ${other} cannot be ${values.length === 0 ? 'one of no values' : JSON.stringify(never)}`,
          );
      }
    before.push(name);
  }
  return new Space<ParamsOf<S>>({ ...shape });
}
