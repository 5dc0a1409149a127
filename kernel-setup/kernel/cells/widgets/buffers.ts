// Binary data in a widget's state is sent separately, with the paths to its places.

type Path = (string | number)[];
type Container = Record<string, unknown> | unknown[];

export interface Separated {
  state: Record<string, unknown>;
  paths: Path[];
  buffers: Uint8Array[];
}

const isContainer = (value: unknown): value is Container => typeof value === 'object' && value !== null;

/** Removes binary data: keys of objects are deleted, elements of arrays become `null`. */
export function separateBuffers(value: Record<string, unknown>): Separated {
  const paths: Path[] = [];
  const buffers: Uint8Array[] = [];
  const without = (part: unknown, path: Path): unknown => {
    if (part instanceof Uint8Array) {
      paths.push(path);
      buffers.push(part);
      return undefined;
    }
    if (Array.isArray(part)) return part.map((element, i) => without(element, [...path, i]) ?? null);
    if (!isContainer(part)) return part;
    const entries = Object.entries(part).map(([key, inner]) => [key, without(inner, [...path, key])] as const);
    return Object.fromEntries(entries.filter(([, inner]) => inner !== undefined));
  };
  return { state: without(value, []) as Record<string, unknown>, paths, buffers };
}

/** Puts binary data back in its places. */
export function restoreBuffers(state: Record<string, unknown>, paths: readonly Path[], buffers: readonly Uint8Array[]) {
  for (const [i, path] of paths.entries()) {
    let at: unknown = state;
    // Rejects inherited properties: such a path would change every object.
    for (const key of path.slice(0, -1))
      at = isContainer(at) && Object.hasOwn(at, key) ? (at as Record<string | number, unknown>)[key] : undefined;
    const last = path[path.length - 1];
    if (isContainer(at) && (Object.hasOwn(at, last) || !(last in at))) Reflect.set(at, last, buffers[i]);
  }
  return state;
}
