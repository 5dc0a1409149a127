// Schemas of JSON values: each is a run-time check and a TypeScript type.

/** Returns the problems of a value; empty if it is valid. */
export type Check<T> = ((value: unknown, at: string) => string[]) & { readonly of?: T; readonly optional?: boolean };
/** The type of values that pass a check. */
export type Checked<C> = C extends Check<infer T> ? T : never;

type Fields = Record<string, Check<unknown>>;
type OptionalKeys<F extends Fields> = { [K in keyof F]: F[K] extends { readonly optional: true } ? K : never }[keyof F];
type ObjectOf<F extends Fields> = { [K in Exclude<keyof F, OptionalKeys<F>>]: Checked<F[K]> } & {
  [K in OptionalKeys<F>]?: Checked<F[K]>;
};

const isA =
  <T>(what: string, passes: (value: unknown) => boolean): Check<T> =>
  (value, at) =>
    passes(value) ? [] : [`${at} must be ${what}, not ${brief(value)}`];

export const anything: Check<unknown> = () => [];
export const string = isA<string>('a string', (value) => typeof value === 'string');
export const number = isA<number>('a number', Number.isFinite);
export const integer = isA<number>('a whole number', Number.isInteger);
export const boolean = isA<boolean>('true or false', (value) => typeof value === 'boolean');

/** Exactly one of these strings. */
export const literal = <T extends string>(...texts: T[]): Check<T> =>
  isA(texts.map((text) => JSON.stringify(text)).join(' or '), (value) => texts.includes(value as T));

/** A field that may be missing. */
export const optional = <T>(check: Check<T>): Check<T> & { readonly optional: true } =>
  Object.assign((value: unknown, at: string) => (value === undefined ? [] : check(value, at)), {
    optional: true as const,
  });

export const nullable = <T>(check: Check<T>): Check<T | null> =>
  ((value, at) => (value === null ? [] : check(value, at))) as Check<T | null>;

export const array =
  <T>(check: Check<T>): Check<T[]> =>
  (value, at) =>
    Array.isArray(value)
      ? value.flatMap((element, i) => check(element, `${at}[${i}]`))
      : [`${at} must be an array, not ${brief(value)}`];

/** An object with any keys, whose values pass a check. */
export const dictionary =
  <T>(check: Check<T>): Check<Record<string, T>> =>
  (value, at) =>
    isObject(value)
      ? Object.entries(value).flatMap(([key, entry]) => check(entry, `${at}.${key}`))
      : [`${at} must be an object, not ${brief(value)}`];

/** An object with at least these fields; more are allowed. */
export const object =
  <F extends Fields>(fields: F): Check<ObjectOf<F>> =>
  (value, at) =>
    isObject(value)
      ? Object.entries(fields).flatMap(([key, check]) => check(value[key], `${at}.${key}`))
      : [`${at} must be an object, not ${brief(value)}`];

/** One of several shapes. */
export const either =
  <C extends Check<unknown>[]>(...checks: C): Check<Checked<C[number]>> =>
  (value, at) => {
    const problems = checks.map((check) => check(value, at));
    // The alternative with the fewest problems explains best.
    return problems.some((found) => found.length === 0)
      ? []
      : problems.reduce((best, found) => (found.length < best.length ? found : best));
  };

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function brief(value: unknown): string {
  const text = typeof value === 'bigint' ? `${value}n` : (JSON.stringify(value) ?? 'missing');
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}
