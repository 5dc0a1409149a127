// What cells in a page see beyond the language: the part of the web's globals that Node has as well.
interface Console {
  log(...values: unknown[]): void;
  info(...values: unknown[]): void;
  warn(...values: unknown[]): void;
  error(...values: unknown[]): void;
  debug(...values: unknown[]): void;
  dir(value: unknown, options?: object): void;
  table(rows: unknown): void;
  trace(...values: unknown[]): void;
  time(label?: string): void;
  timeEnd(label?: string): void;
}
declare var console: Console;
declare function setTimeout(callback: (...values: any[]) => void, ms?: number, ...values: any[]): number;
declare function setInterval(callback: (...values: any[]) => void, ms?: number, ...values: any[]): number;
declare function setImmediate(callback: (...values: any[]) => void, ...values: any[]): number;
declare function clearTimeout(handle: number | undefined): void;
declare function clearInterval(handle: number | undefined): void;
declare function clearImmediate(handle: number | undefined): void;
declare function queueMicrotask(callback: () => void): void;
declare function structuredClone<T>(value: T): T;
declare var performance: { now(): number; readonly timeOrigin: number };
declare class TextEncoder {
  encode(text?: string): Uint8Array<ArrayBuffer>;
}
declare class TextDecoder {
  decode(bytes?: ArrayBufferView | ArrayBufferLike): string;
}
interface Response {
  readonly ok: boolean;
  readonly status: number;
  text(): Promise<string>;
  json(): Promise<any>;
  arrayBuffer(): Promise<ArrayBuffer>;
}
declare function fetch(address: string, options?: object): Promise<Response>;
declare module 'node:util' {
  export const inspect: { (value: unknown, options?: object): string; readonly custom: unique symbol };
}
// Modules by their address have no types here.
declare module 'https://*';
declare module 'data:*';
