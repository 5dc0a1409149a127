// Writes WebAssembly modules. Expressions combine values from instructions.ts; statements are methods of the function
// being written; unrolling is an ordinary loop. Modules are a few kilobytes and are compiled on first use, so there are
// no .wasm files and no build step.

import {
  type Int,
  i32,
  Local,
  pushOpcode,
  pushOperand,
  pushUnsigned,
  SIMD,
  type StackOperand,
  type Type,
  typeCode,
  type Value,
  type Vector,
} from './instructions';

/** Parameters of a function, by name, in their order. */
export type Parameters = Readonly<Record<string, Type>>;
export type LocalsOf<P extends Parameters> = { readonly [K in keyof P]: Local<P[K]> };
type ArgumentsOf<P extends Parameters> = { readonly [K in keyof P]: StackOperand<P[K]> };

/** Parameters that are all integers, mostly addresses and counts. */
export const integers = <const N extends string>(...names: readonly N[]) =>
  Object.fromEntries(names.map((name) => [name, 'i32'])) as { readonly [K in N]: 'i32' };

/** Code being written: statements add to it, and blocks are given as callbacks. */
export class Code {
  readonly code: number[] = [];
  /** Runs before the code: sets the locals of {@link constant}. */
  readonly prologue: number[] = [];
  readonly localTypes: Type[] = [];
  private readonly constants = new Map<string, Local<'v128'>>();

  constructor(private readonly parameterCount: number) {}

  /** Declares a local variable; zero without an initial value. */
  local<T extends Type>(type: T, initial?: StackOperand<T>): Local<T> {
    const local = new Local(type, this.parameterCount + this.localTypes.push(type) - 1);
    if (initial !== undefined) this.set(local, initial);
    return local;
  }

  /** Declares several locals of one type. */
  locals<T extends Type>(type: T, count: number): Local<T>[] {
    return Array.from({ length: count }, () => this.local(type));
  }

  /**
   * A constant vector in a local that is set once. V8 12 and later would rebuild a constant at each use, which doubles
   * the time of `exp`.
   */
  constant(x: Vector): Local<'v128'> {
    const code: number[] = [];
    x.write(code);
    const key = code.join();
    let local = this.constants.get(key);
    if (local === undefined) {
      local = this.local('v128');
      this.constants.set(key, local);
      this.prologue.push(...code, 0x21);
      pushUnsigned(this.prologue, local.index);
    }
    return local;
  }

  set<T extends Type>(local: Local<T>, value: StackOperand<T>): void {
    pushOperand(this.code, local.type, value as Value<Type> | number);
    this.code.push(0x21);
    pushUnsigned(this.code, local.index);
  }

  /** Adds a step to an address or a counter. */
  advance(local: Local<'i32'>, step: StackOperand<'i32'>): void {
    this.set(local, i32.add(local, step));
  }

  store(address: StackOperand<'i32'>, value: Value<Type>, offset = 0): void {
    const opcode = { i32: 0x36, f32: 0x38, f64: 0x39, v128: SIMD + 0x0b }[value.type];
    pushOperand(this.code, 'i32', address);
    value.write(this.code);
    pushOpcode(this.code, opcode);
    this.code.push(0);
    pushUnsigned(this.code, offset);
  }

  /** Stores the lowest 4 or 8 bytes of a vector. */
  storeLow(address: StackOperand<'i32'>, value: Vector, bytes: 4 | 8, offset = 0): void {
    pushOperand(this.code, 'i32', address);
    value.write(this.code);
    pushOpcode(this.code, SIMD + (bytes === 4 ? 0x5a : 0x5b));
    this.code.push(0);
    pushUnsigned(this.code, offset);
    this.code.push(0);
  }

  if(condition: Int, then: () => void, otherwise?: () => void): void {
    condition.write(this.code);
    this.code.push(0x04, 0x40);
    then();
    if (otherwise !== undefined) {
      this.code.push(0x05);
      otherwise();
    }
    this.code.push(0x0b);
  }

  /** A do-while loop: runs the body, and repeats it while the condition is not zero. */
  repeat(body: () => void, condition: () => Int): void {
    this.code.push(0x03, 0x40);
    body();
    condition().write(this.code);
    this.code.push(0x0d, 0, 0x0b);
  }

  /** A while loop. The test is at the end, with a copy before the first turn: that saves a jump per turn. */
  while(condition: () => Int, body: () => void): void {
    this.if(condition(), () => this.repeat(body, condition));
  }

  for(
    i: Local<'i32'>,
    from: StackOperand<'i32'>,
    to: StackOperand<'i32'>,
    step: StackOperand<'i32'>,
    body: () => void,
  ): void {
    this.set(i, from);
    this.while(
      () => i32.lt(i, to),
      () => {
        body();
        this.advance(i, step);
      },
    );
  }

  /** Calls a function that returns nothing. */
  call<Q extends Parameters>(f: Func<Q>, args: ArgumentsOf<Q>): void {
    for (const name in f.parameters) pushOperand(this.code, f.parameters[name], args[name] as Value<Type> | number);
    this.code.push(0x10);
    pushUnsigned(this.code, f.index);
  }

  return(value: Value<Type>): void {
    value.write(this.code);
    this.code.push(0x0f);
  }
}

/** A function: its code and its signature. */
export class Func<P extends Parameters = Parameters> extends Code {
  constructor(
    readonly index: number,
    readonly parameters: P,
    readonly result: Type | undefined,
  ) {
    super(Object.keys(parameters).length);
  }
}

/** A module that imports its memory as `env.memory` and exports all its functions. */
export class Module {
  private readonly functions: { readonly name: string; readonly f: Func }[] = [];

  /** Adds a function; `write` receives it and its parameters. */
  define<const P extends Parameters>(
    name: string,
    parameters: P,
    write: (f: Code, p: LocalsOf<P>) => void,
    result?: Type,
  ): Func<P> {
    const f = new Func(this.functions.length, parameters, result);
    this.functions.push({ name, f });
    const locals = Object.entries(parameters).map(([key, type], i) => [key, new Local(type, i)]);
    write(f, Object.fromEntries(locals) as LocalsOf<P>);
    return f;
  }

  /**
   * Returns the module's bytes. With `sharedPages`, its memory is shared among threads and limited to that many pages.
   */
  bytes(sharedPages?: number): Uint8Array {
    const { functions } = this;
    const code: number[] = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
    const section = (id: number, content: number[]) => {
      code.push(id);
      pushUnsigned(code, content.length);
      // A spread call has a limited number of arguments.
      for (const byte of content) code.push(byte);
    };
    const list = <T>(items: readonly T[], write: (to: number[], item: T, i: number) => void): number[] => {
      const to: number[] = [];
      pushUnsigned(to, items.length);
      items.forEach((item, i) => {
        write(to, item, i);
      });
      return to;
    };
    const text = (s: string) => list([...s], (to, c) => to.push(c.charCodeAt(0)));
    section(
      1,
      list(functions, (to, { f }) => {
        to.push(0x60, ...list(Object.values(f.parameters), (t, type) => t.push(typeCode[type])));
        to.push(...(f.result === undefined ? [0] : [1, typeCode[f.result]]));
      }),
    );
    const limits: number[] = sharedPages === undefined ? [0, 1] : [3, 1];
    if (sharedPages !== undefined) pushUnsigned(limits, sharedPages);
    section(2, [1, ...text('env'), ...text('memory'), 2, ...limits]);
    section(
      3,
      list(functions, (to, _, i) => pushUnsigned(to, i)),
    );
    section(
      7,
      list(functions, (to, { name }, i) => {
        to.push(...text(name), 0);
        pushUnsigned(to, i);
      }),
    );
    section(
      10,
      list(functions, (to, { f }) => {
        const locals = list(f.localTypes, (t, type) => t.push(1, typeCode[type]));
        const ends = f.result === undefined ? [0x0b] : [0x00, 0x0b];
        pushUnsigned(to, locals.length + f.prologue.length + f.code.length + ends.length);
        for (const part of [locals, f.prologue, f.code, ends]) for (const byte of part) to.push(byte);
      }),
    );
    return Uint8Array.from(code);
  }
}
