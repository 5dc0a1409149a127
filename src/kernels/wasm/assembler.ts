// Writes WebAssembly modules. An expression is a value whose type TypeScript knows, so that adding an address to a vector
// does not compile; statements are methods of the function that is being written; unrolling is an ordinary loop. Modules
// are a few kilobytes and are written when they are first needed: there are no .wasm files and there is no build step.

export type Type = 'i32' | 'f32' | 'f64' | 'v128';

/** Code that leaves one value on the stack. Used twice, it runs twice: what is expensive is kept in a {@link Local}. */
export class Value<T extends Type> {
  constructor(
    readonly type: T,
    readonly write: (code: number[]) => void,
  ) {}
}

/** A local variable, or a parameter; as a value it is what it holds when the code runs. */
export class Local<T extends Type> extends Value<T> {
  constructor(
    type: T,
    readonly index: number,
  ) {
    super(type, (code) => {
      code.push(0x20);
      pushUnsigned(code, index);
    });
  }
}

export type Int = Value<'i32'>;
export type Vector = Value<'v128'>;
/** An operand; numbers stand for constants. */
export type Operand<T extends Type> = T extends 'v128' ? Value<T> : Value<T> | number;
type Operands<A extends readonly Type[]> = { [I in keyof A]: Operand<A[I]> };

const typeCode: Record<Type, number> = { i32: 0x7f, f32: 0x7d, f64: 0x7c, v128: 0x7b };

/** LEB128, the variable-length form of integers: seven bits a byte, the lowest first. */
function pushUnsigned(code: number[], n: number): void {
  for (; n > 127; n >>>= 7) code.push((n & 127) | 128);
  code.push(n);
}

function pushSigned(code: number[], n: number): void {
  for (; n < -64 || n > 63; n >>= 7) code.push((n & 127) | 128);
  code.push(n & 127);
}

const bytesOf = (numbers: Float32Array | Float64Array | Int32Array) => new Uint8Array(numbers.buffer);

function pushOperand(code: number[], type: Type, x: Value<Type> | number): void {
  if (typeof x !== 'number') x.write(code);
  else if (type === 'i32') {
    code.push(0x41);
    pushSigned(code, x | 0);
  } else if (type === 'f32') code.push(0x43, ...bytesOf(Float32Array.of(x)));
  else code.push(0x44, ...bytesOf(Float64Array.of(x)));
}

/** Instructions on vectors follow a prefix; they are numbered from here on. */
const SIMD = 0x100;

function pushOpcode(code: number[], opcode: number): void {
  if (opcode < SIMD) {
    code.push(opcode);
    return;
  }
  code.push(0xfd);
  pushUnsigned(code, opcode - SIMD);
}

/** An instruction on operands of the given types. */
const op =
  <const A extends readonly Type[], R extends Type>(types: A, result: R, opcode: number) =>
  (...operands: Operands<A>): Value<R> =>
    new Value(result, (code) => {
      for (let i = 0; i < types.length; i++) pushOperand(code, types[i], operands[i] as Value<Type> | number);
      pushOpcode(code, opcode);
    });

const binary = <T extends Type>(type: T, opcode: number) => op([type, type], type, opcode);
const lanes1 = (opcode: number) => op(['v128'], 'v128', SIMD + opcode);
const lanes2 = (opcode: number) => op(['v128', 'v128'], 'v128', SIMD + opcode);
const lanes3 = (opcode: number) => op(['v128', 'v128', 'v128'], 'v128', SIMD + opcode);

/** Reads at a byte address; adding a fixed `offset` to it costs nothing. */
const load =
  <T extends Type>(type: T, opcode: number) =>
  (address: Operand<'i32'>, offset = 0): Value<T> =>
    new Value(type, (code) => {
      pushOperand(code, 'i32', address);
      pushOpcode(code, opcode);
      // The first is a hint about alignment that engines ignore.
      code.push(0);
      pushUnsigned(code, offset);
    });

const lane =
  <R extends Type>(result: R, opcode: number) =>
  (x: Vector, i: number): Value<R> =>
    new Value(result, (code) => {
      x.write(code);
      pushOpcode(code, SIMD + opcode);
      code.push(i);
    });

const vectorConstant = (numbers: Float32Array | Float64Array | Int32Array): Vector =>
  new Value('v128', (code) => {
    pushOpcode(code, SIMD + 0x0c);
    code.push(...bytesOf(numbers));
  });

export const i32 = {
  add: binary('i32', 0x6a),
  sub: binary('i32', 0x6b),
  mul: binary('i32', 0x6c),
  div: binary('i32', 0x6d),
  and: binary('i32', 0x71),
  or: binary('i32', 0x72),
  shl: binary('i32', 0x74),
  shr: binary('i32', 0x75),
  eqz: op(['i32'], 'i32', 0x45),
  eq: binary('i32', 0x46),
  ne: binary('i32', 0x47),
  lt: binary('i32', 0x48),
  gt: binary('i32', 0x4a),
  le: binary('i32', 0x4c),
  ge: binary('i32', 0x4e),
  load: load('i32', 0x28),
};

export const f32 = {
  add: binary('f32', 0x92),
  sub: binary('f32', 0x93),
  mul: binary('f32', 0x94),
  div: binary('f32', 0x95),
  ne: op(['f32', 'f32'], 'i32', 0x5c),
  eq: op(['f32', 'f32'], 'i32', 0x5b),
  demote: op(['f64'], 'f32', 0xb6),
  load: load('f32', 0x2a),
};

export const f64 = {
  add: binary('f64', 0xa0),
  sub: binary('f64', 0xa1),
  mul: binary('f64', 0xa2),
  div: binary('f64', 0xa3),
  sqrt: op(['f64'], 'f64', 0x9f),
  promote: op(['f32'], 'f64', 0xbb),
  load: load('f64', 0x2b),
};

export const v128 = {
  load: load('v128', SIMD + 0x00),
  /** One element of 32 or 64 bits in all lanes. */
  splat32: load('v128', SIMD + 0x09),
  splat64: load('v128', SIMD + 0x0a),
  /** One element of 32 or 64 bits in the lowest lane, zeros above. */
  low32: load('v128', SIMD + 0x5c),
  low64: load('v128', SIMD + 0x5d),
  and: lanes2(0x4e),
  /** The bits of the first that the second does not have. */
  andNot: lanes2(0x4f),
  or: lanes2(0x50),
  xor: lanes2(0x51),
  /** Whether any bit is set. */
  any: op(['v128'], 'i32', SIMD + 0x53),
  /** Bits of the first where the third has ones, else of the second. */
  select: lanes3(0x52),
  /** Four lanes of 32 bits, each of `a` (0-3) or of `b` (4-7). */
  shuffle: (a: Vector, b: Vector, ...from: readonly [number, number, number, number]): Vector =>
    new Value('v128', (code) => {
      a.write(code);
      b.write(code);
      pushOpcode(code, SIMD + 0x0d);
      for (const l of from) code.push(4 * l, 4 * l + 1, 4 * l + 2, 4 * l + 3);
    }),
};

export const f32x4 = {
  const: (x: number) => vectorConstant(Float32Array.of(x, x, x, x)),
  splat: op(['f32'], 'v128', SIMD + 0x13),
  lane: lane('f32', 0x1f),
  eq: lanes2(0x41),
  ne: lanes2(0x42),
  lt: lanes2(0x43),
  gt: lanes2(0x44),
  le: lanes2(0x45),
  ge: lanes2(0x46),
  ceil: lanes1(0x67),
  floor: lanes1(0x68),
  trunc: lanes1(0x69),
  nearest: lanes1(0x6a),
  abs: lanes1(0xe0),
  neg: lanes1(0xe1),
  sqrt: lanes1(0xe3),
  add: lanes2(0xe4),
  sub: lanes2(0xe5),
  mul: lanes2(0xe6),
  div: lanes2(0xe7),
  /** As in JavaScript: a NaN wins, and -0 is less than 0. */
  min: lanes2(0xe8),
  max: lanes2(0xe9),
  /** One machine instruction each: `b < a ? b : a` and `a < b ? b : a`, so that a NaN stays if it is the first. */
  pmin: lanes2(0xea),
  pmax: lanes2(0xeb),
  fromInt: lanes1(0xfa),
  /** The two low lanes of float64 vectors as float32, zeros above. */
  demote: lanes1(0x5e),
  /** `a·b + c` in one rounding where the machine has it ("relaxed"). */
  fma: lanes3(0x105),
};

export const i32x4 = {
  const: (...x: readonly number[]) => vectorConstant(Int32Array.from({ length: 4 }, (_, i) => x[i % x.length])),
  splat: op(['i32'], 'v128', SIMD + 0x11),
  eq: lanes2(0x37),
  lt: lanes2(0x39),
  gt: lanes2(0x3b),
  add: lanes2(0xae),
  sub: lanes2(0xb1),
  shl: op(['v128', 'i32'], 'v128', SIMD + 0xab),
  shr: op(['v128', 'i32'], 'v128', SIMD + 0xac),
  /** The four lowest bytes, without sign. */
  fromBytes: (x: Vector) => lanes1(0xa9)(lanes1(0x89)(x)),
  /** Lanes that are 0 or -1 as sixteen bytes. */
  toBytes: (a: Vector, b: Vector, c: Vector, d: Vector) => lanes2(0x65)(lanes2(0x85)(a, b), lanes2(0x85)(c, d)),
};

export const i64x2 = {
  const: (x: bigint) =>
    new Value('v128', (code) => {
      pushOpcode(code, SIMD + 0x0c);
      code.push(...new Uint8Array(BigInt64Array.of(x, x).buffer));
    }),
  /** The two low lanes of 32 bits, with their signs. */
  extendLow: lanes1(0xc7),
  extendHigh: lanes1(0xc8),
  shl: op(['v128', 'i32'], 'v128', SIMD + 0xcb),
  /** Without regard to the sign. */
  shr: op(['v128', 'i32'], 'v128', SIMD + 0xcd),
  add: lanes2(0xce),
  sub: lanes2(0xd1),
};

export const f64x2 = {
  const: (x: number) => vectorConstant(Float64Array.of(x, x)),
  splat: op(['f64'], 'v128', SIMD + 0x14),
  lane: lane('f64', 0x21),
  /** The two low float32 lanes as float64. */
  promote: lanes1(0x5f),
  eq: lanes2(0x47),
  ne: lanes2(0x48),
  lt: lanes2(0x49),
  gt: lanes2(0x4a),
  le: lanes2(0x4b),
  ge: lanes2(0x4c),
  ceil: lanes1(0x74),
  floor: lanes1(0x75),
  trunc: lanes1(0x7a),
  nearest: lanes1(0x94),
  abs: lanes1(0xec),
  neg: lanes1(0xed),
  sqrt: lanes1(0xef),
  add: lanes2(0xf0),
  sub: lanes2(0xf1),
  mul: lanes2(0xf2),
  div: lanes2(0xf3),
  min: lanes2(0xf4),
  max: lanes2(0xf5),
  pmin: lanes2(0xf6),
  pmax: lanes2(0xf7),
  fma: lanes3(0x107),
};

/** Parameters of a function, by name, in their order. */
export type Parameters = Readonly<Record<string, Type>>;
export type LocalsOf<P extends Parameters> = { readonly [K in keyof P]: Local<P[K]> };
type ArgumentsOf<P extends Parameters> = { readonly [K in keyof P]: Operand<P[K]> };

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

  /** A new local variable; zero unless it is given a value. */
  local<T extends Type>(type: T, initial?: Operand<T>): Local<T> {
    const local = new Local(type, this.parameterCount + this.localTypes.push(type) - 1);
    if (initial !== undefined) this.set(local, initial);
    return local;
  }

  /** Several new locals of one type. */
  locals<T extends Type>(type: T, count: number): Local<T>[] {
    return Array.from({ length: count }, () => this.local(type));
  }

  /**
   * A vector that does not change, in a local that is set once: V8 12 and later would make a constant anew each time it
   * is used, which doubles the time of `exp`.
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

  set<T extends Type>(local: Local<T>, value: Operand<T>): void {
    pushOperand(this.code, local.type, value as Value<Type> | number);
    this.code.push(0x21);
    pushUnsigned(this.code, local.index);
  }

  /** Moves an address or a counter on. */
  advance(local: Local<'i32'>, step: Operand<'i32'>): void {
    this.set(local, i32.add(local, step));
  }

  store(address: Operand<'i32'>, value: Value<Type>, offset = 0): void {
    const opcode = { i32: 0x36, f32: 0x38, f64: 0x39, v128: SIMD + 0x0b }[value.type];
    pushOperand(this.code, 'i32', address);
    value.write(this.code);
    pushOpcode(this.code, opcode);
    this.code.push(0);
    pushUnsigned(this.code, offset);
  }

  /** Stores the lowest 4 or 8 bytes of a vector. */
  storeLow(address: Operand<'i32'>, value: Vector, bytes: 4 | 8, offset = 0): void {
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

  /** Runs the body once, and again as long as the condition, tested at the end, is not zero. */
  repeat(body: () => void, condition: () => Int): void {
    this.code.push(0x03, 0x40);
    body();
    condition().write(this.code);
    this.code.push(0x0d, 0, 0x0b);
  }

  /** The test stands at the end, behind one for the first time: that saves a jump a turn. */
  while(condition: () => Int, body: () => void): void {
    this.if(condition(), () => this.repeat(body, condition));
  }

  for(i: Local<'i32'>, from: Operand<'i32'>, to: Operand<'i32'>, step: Operand<'i32'>, body: () => void): void {
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

/** A function: its code, and how it is called. */
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

  /** Adds a function; `write` gets it and its parameters. */
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

  /** The module's bytes. With `sharedPages`, its memory is shared among threads and limited to so many pages. */
  bytes(sharedPages?: number): Uint8Array {
    const { functions } = this;
    const code: number[] = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
    const section = (id: number, content: number[]) => {
      code.push(id);
      pushUnsigned(code, content.length);
      // Not by spreading, which has a limit.
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
