const namespaces = new WeakMap<object, object>();

/**
 * The namespace of a module for `import * as x`. For CommonJS it has the current properties, and the whole as `default`,
 * as in Node. With `__esModule`, the property `default` is the default, as compilers define it.
 */
export function namespaceOf(exports: unknown): unknown {
  const isObject = (typeof exports === 'object' && exports !== null) || typeof exports === 'function';
  if (!isObject) return { default: exports };
  if (isModule(exports) || isCompiled(exports)) return exports;
  let namespace = namespaces.get(exports);
  if (namespace === undefined) {
    namespace = Object.create(exports) as object;
    for (const name of Object.keys(exports))
      if (name !== 'default')
        Object.defineProperty(namespace, name, { get: () => Reflect.get(exports, name), enumerable: true });
    Object.defineProperty(namespace, 'default', { value: exports, enumerable: true });
    // A promise inherits `then`, and `import()` would await the namespace.
    if (!Object.hasOwn(exports, 'then')) Object.defineProperty(namespace, 'then', { value: undefined });
    namespaces.set(exports, namespace);
  }
  return namespace;
}

/** An own property's value: a proxy may answer to any name. */
const own = (object: object, name: PropertyKey) =>
  Object.hasOwn(object, name) ? Reflect.get(object, name) : undefined;

const isNamespace = (object: object) => own(object, Symbol.toStringTag) === 'Module';

/** Whether it is an ES module, or one wrapped for compiled files. */
const isModule = (exports: object) => isNamespace(exports) || isNamespace(Object.getPrototypeOf(exports) ?? {});

const isCompiled = (exports: object) => Boolean(own(exports, '__esModule')) && 'default' in exports;
