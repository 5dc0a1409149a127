const namespaces = new WeakMap<object, object>();

/**
 * What `import * as x` sees of a module. Of a CommonJS module these are its properties as they are now, and the whole as `default`,
 * whatever property of that name it has: so Node does it. `__esModule` says that `default` is the default, as compilers mean it.
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
    // A module that is a promise has this from its prototype, and `import()` would await the namespace.
    if (!Object.hasOwn(exports, 'then')) Object.defineProperty(namespace, 'then', { value: undefined });
    namespaces.set(exports, namespace);
  }
  return namespace;
}

/** The value of a property of its own: a proxy may answer to any name. */
const own = (object: object, name: PropertyKey) =>
  Object.hasOwn(object, name) ? Reflect.get(object, name) : undefined;

const isNamespace = (object: object) => own(object, Symbol.toStringTag) === 'Module';

/** Whether it is an ES module, or one as compiled files take it. */
const isModule = (exports: object) => isNamespace(exports) || isNamespace(Object.getPrototypeOf(exports) ?? {});

const isCompiled = (exports: object) => Boolean(own(exports, '__esModule')) && 'default' in exports;
