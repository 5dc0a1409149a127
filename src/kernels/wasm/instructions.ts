// WebAssembly's instructions as expressions: values whose type TypeScript knows, so that adding an address to a vector does
// not compile. Named as in WebAssembly's text form. What is written with them is in assembler.ts.

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

export const typeCode: Record<Type, number> = { i32: 0x7f, f32: 0x7d, f64: 0x7c, v128: 0x7b };

/** LEB128, the variable-length form of integers: seven bits a byte, the lowest first. */
export function pushUnsigned(code: number[], n: number): void {
  for (; n > 127; n >>>= 7) code.push((n & 127) | 128);
  code.push(n);
}

function pushSigned(code: number[], n: number): void {
  for (; n < -64 || n > 63; n >>= 7) code.push((n & 127) | 128);
  code.push(n & 127);
}

const bytesOf = (numbers: Float32Array | Float64Array | Int32Array) => new Uint8Array(numbers.buffer);

export function pushOperand(code: number[], type: Type, x: Value<Type> | number): void {
  if (typeof x !== 'number') x.write(code);
  else if (type === 'i32') {
    code.push(0x41);
    pushSigned(code, x | 0);
  } else if (type === 'f32') code.push(0x43, ...bytesOf(Float32Array.of(x)));
  else code.push(0x44, ...bytesOf(Float64Array.of(x)));
}

/** Instructions on vectors follow a prefix; they are numbered from here on. */
export const SIMD = 0x100;

export function pushOpcode(code: number[], opcode: number): void {
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
