const namespaces = new WeakMap<object, object>();

/** What `import * as x` sees of a module: of a CommonJS one its properties as they are now, and the whole as `default`. */
export function namespaceOf(exports: unknown): unknown {
  const isObject = (typeof exports === 'object' && exports !== null) || typeof exports === 'function';
  if (!isObject) return { default: exports };
  if ('__esModule' in exports || (exports as { [Symbol.toStringTag]?: string })[Symbol.toStringTag] === 'Module')
    return exports;
  let namespace = namespaces.get(exports);
  if (namespace === undefined) {
    namespace = Object.create(exports) as object;
    for (const name of Object.keys(exports))
      Object.defineProperty(namespace, name, { get: () => Reflect.get(exports, name), enumerable: true });
    Object.defineProperty(namespace, 'default', { value: exports, enumerable: true });
    namespaces.set(exports, namespace);
  }
  return namespace;
}
