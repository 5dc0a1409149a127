import { MovedError } from '../errors';

/** What a name of an earlier version is now: the compiler's complaint about its use says where it went. */
export interface Moved<Where extends string> {
  /** Where it is. */
  readonly 'has moved to': Where;
}

/** Where members went that are not where their namespace went. */
type Members = Readonly<Record<string, string>>;

/** Something whose use throws a {@link MovedError} that says where it is: reading a member of it, or a call. */
export function moved<Where extends string>(name: string, where: Where, members: Members = {}): Moved<Where> {
  const fail = (place: string, what: string): never => {
    throw new MovedError(`${what} has moved: ${place}`);
  };
  const get = (_: object, key: string | symbol) =>
    // What programs ask every value for: whether it is a promise, a module, or how it prints.
    typeof key === 'symbol' ||
    ['then', '__esModule', 'toJSON', 'constructor', 'prototype', 'name', 'length'].includes(key)
      ? undefined
      : fail(members[key] ?? where, `${name}.${key}`);
  // A function, so that it can be called.
  return new Proxy<object>(() => {}, { get, apply: () => fail(where, name) }) as Moved<Where>;
}

/** What is in the laboratory under the name that it had. */
export type InLab<Name extends string> = Moved<`import { ${Name} } from "gradlab/lab"`>;
export const inLab = <Name extends string>(name: Name, members?: Members): InLab<Name> =>
  moved(name, `import { ${name} } from "gradlab/lab"`, members);

/** What one lesson alone uses. */
export type InLesson<
  Name extends string,
  Of extends string,
> = Moved<`import { ${Name} } from "gradlab/lab/lessons/${Of}"`>;
export const inLesson = <Name extends string, Of extends string>(name: Name, of: Of): InLesson<Name, Of> =>
  moved(name, `import { ${name} } from "gradlab/lab/lessons/${of}"`);

/** Where members of a namespace stand that lessons alone use, by lesson. */
export const inLessons = (parts: Readonly<Record<string, readonly string[]>>): Members =>
  Object.fromEntries(
    Object.entries(parts).flatMap(([of, names]) =>
      names.map((name) => [name, `import { ${name} } from "gradlab/lab/lessons/${of}"`]),
    ),
  );
