// Globals of the engine for which neither ECMAScript's declarations nor Node's have types.
// biome-ignore-all lint/suspicious/noExplicitAny: what WebAssembly's values and a storage's items are, no type says

type NodeCrypto = typeof import('node:crypto').webcrypto;
type NodeCryptoKey = import('node:crypto').webcrypto.CryptoKey;
type NodeSubtleCrypto = import('node:crypto').webcrypto.SubtleCrypto;
type NodePerformance = import('node:perf_hooks').Performance;

interface Crypto extends NodeCrypto {}
declare var Crypto: { prototype: Crypto; new (): Crypto };
interface CryptoKey extends NodeCryptoKey {}
declare var CryptoKey: { prototype: CryptoKey; new (): CryptoKey };
interface SubtleCrypto extends NodeSubtleCrypto {}
declare var SubtleCrypto: { prototype: SubtleCrypto; new (): SubtleCrypto };
interface Performance extends NodePerformance {}
declare var Performance: { prototype: Performance; new (): Performance };

interface Navigator {
  readonly hardwareConcurrency: number;
  readonly language: string;
  readonly languages: readonly string[];
  readonly platform: string;
  readonly userAgent: string;
}
declare var Navigator: { prototype: Navigator };
declare var navigator: Navigator;

interface CloseEvent extends Event {
  readonly code: number;
  readonly reason: string;
  readonly wasClean: boolean;
}
declare var CloseEvent: {
  prototype: CloseEvent;
  new (type: string, init?: EventInit & { code?: number; reason?: string; wasClean?: boolean }): CloseEvent;
};

type URLPatternParts = Partial<
  Record<
    'hash' | 'hostname' | 'password' | 'pathname' | 'port' | 'protocol' | 'search' | 'username' | 'baseURL',
    string
  >
>;
interface URLPatternResult extends Record<keyof Omit<URLPatternParts, 'baseURL'>, URLPatternPart> {
  inputs: (string | URLPatternParts)[];
}
interface URLPatternPart {
  input: string;
  groups: Record<string, string | undefined>;
}
interface URLPattern extends Readonly<Required<Omit<URLPatternParts, 'baseURL'>>> {
  readonly hasRegExpGroups: boolean;
  exec(input?: string | URLPatternParts, base?: string): URLPatternResult | null;
  test(input?: string | URLPatternParts, base?: string): boolean;
}
declare var URLPattern: {
  prototype: URLPattern;
  new (input: string | URLPatternParts, base: string, options?: { ignoreCase?: boolean }): URLPattern;
  new (input?: string | URLPatternParts, options?: { ignoreCase?: boolean }): URLPattern;
};

interface Storage {
  readonly length: number;
  clear(): void;
  getItem(key: string): string | null;
  key(index: number): string | null;
  removeItem(key: string): void;
  setItem(key: string, value: string): void;
  [name: string]: any;
}
declare var Storage: { prototype: Storage };
declare var localStorage: Storage;
declare var sessionStorage: Storage;

/** WebAssembly, by the names of its JavaScript interface. */
declare namespace WebAssembly {
  type ValueType = 'anyfunc' | 'externref' | 'f32' | 'f64' | 'i32' | 'i64' | 'v128';
  type TableKind = 'anyfunc' | 'externref';
  type ImportExportKind = 'function' | 'global' | 'memory' | 'table' | 'tag';
  type ImportValue = ((...args: any[]) => any) | Global | Memory | Table | Tag | number | bigint;
  type Imports = Record<string, Record<string, ImportValue>>;
  type Exports = Record<string, any>;

  interface ModuleExportDescriptor {
    name: string;
    kind: ImportExportKind;
  }
  interface ModuleImportDescriptor extends ModuleExportDescriptor {
    module: string;
  }
  interface MemoryDescriptor {
    /** In pages of 64 KiB. */
    initial: number;
    maximum?: number;
    shared?: boolean;
  }
  interface TableDescriptor {
    element: TableKind;
    initial: number;
    maximum?: number;
  }
  interface GlobalDescriptor {
    value: ValueType;
    mutable?: boolean;
  }

  interface Module {
    readonly [Symbol.toStringTag]: string;
  }
  const Module: {
    prototype: Module;
    new (bytes: ArrayBufferView | ArrayBufferLike): Module;
    customSections(module: Module, sectionName: string): ArrayBuffer[];
    exports(module: Module): ModuleExportDescriptor[];
    imports(module: Module): ModuleImportDescriptor[];
  };

  interface Instance {
    readonly exports: Exports;
  }
  const Instance: { prototype: Instance; new (module: Module, imports?: Imports): Instance };

  interface Memory {
    readonly buffer: ArrayBuffer;
    /** @returns the previous number of pages */
    grow(pages: number): number;
  }
  const Memory: { prototype: Memory; new (descriptor: MemoryDescriptor): Memory };

  interface Table {
    readonly length: number;
    get(index: number): any;
    grow(by: number, value?: any): number;
    set(index: number, value?: any): void;
  }
  const Table: { prototype: Table; new (descriptor: TableDescriptor, value?: any): Table };

  interface Global {
    value: any;
    valueOf(): any;
  }
  const Global: { prototype: Global; new (descriptor: GlobalDescriptor, value?: any): Global };

  interface Tag {
    readonly [Symbol.toStringTag]: string;
  }
  const Tag: { prototype: Tag; new (type: { parameters: ValueType[] }): Tag };

  interface Exception {
    is(tag: Tag): boolean;
    getArg(tag: Tag, index: number): any;
  }
  const Exception: {
    prototype: Exception;
    new (tag: Tag, payload: any[], options?: { traceStack?: boolean }): Exception;
  };

  interface CompileError extends Error {}
  const CompileError: ErrorConstructor & { prototype: CompileError };
  interface LinkError extends Error {}
  const LinkError: ErrorConstructor & { prototype: LinkError };
  interface RuntimeError extends Error {}
  const RuntimeError: ErrorConstructor & { prototype: RuntimeError };

  interface InstantiatedSource {
    instance: Instance;
    module: Module;
  }

  function validate(bytes: ArrayBufferView | ArrayBufferLike): boolean;
  function compile(bytes: ArrayBufferView | ArrayBufferLike): Promise<Module>;
  function compileStreaming(source: Response | PromiseLike<Response>): Promise<Module>;
  function instantiate(bytes: ArrayBufferView | ArrayBufferLike, imports?: Imports): Promise<InstantiatedSource>;
  function instantiate(module: Module, imports?: Imports): Promise<Instance>;
  function instantiateStreaming(
    source: Response | PromiseLike<Response>,
    imports?: Imports,
  ): Promise<InstantiatedSource>;
}

interface ImportMeta {
  /**
   * Whether this is a cell and not an imported file: as in Node 24 and Deno, programs test it to run their main code.
   */
  main: boolean;
}

/** The exports of a WebAssembly file, which only the file declares. */
declare module '*.wasm';
/** An address that holds its source. */
declare module 'data:*';
