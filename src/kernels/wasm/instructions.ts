// WebAssembly's instructions as typed expressions: adding an address to a vector does not compile. Names are those of
// WebAssembly's text format. assembler.ts uses them to write functions.

export type Type = 'i32' | 'f32' | 'f64' | 'v128';

/**
 * Code that leaves one value on the stack. Used twice, it runs twice, so expensive values are stored in a
 * {@link Local}.
 */
export class Value<T extends Type> {
  constructor(
    readonly type: T,
    readonly write: (code: number[]) => void,
  ) {}
}

/** A local variable or a parameter; as a value, its content when the code runs. */
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
/** An operand; a number is a constant. */
export type StackOperand<T extends Type> = T extends 'v128' ? Value<T> : Value<T> | number;
type Operands<A extends readonly Type[]> = { [I in keyof A]: StackOperand<A[I]> };

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

/** Vector instructions have a prefix; their opcodes are numbered from here on. */
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
type Instruction<A extends readonly Type[], R extends Type> = (...operands: Operands<A>) => Value<R>;
/** Instructions of one kind, by the names of their opcodes. */
type Each<Opcodes, I> = { readonly [Name in keyof Opcodes]: I };

type Binary<T extends Type> = Instruction<readonly [T, T], T>;
type Comparison<T extends Type> = Instruction<readonly [T, T], 'i32'>;
type Load<T extends Type> = (address: StackOperand<'i32'>, offset?: number) => Value<T>;
/** On the lanes of vectors. */
type Lanes1 = Instruction<readonly ['v128'], 'v128'>;
type Lanes2 = Binary<'v128'>;
type Lanes3 = Instruction<readonly ['v128', 'v128', 'v128'], 'v128'>;
type Shift = Instruction<readonly ['v128', 'i32'], 'v128'>;
type Lane<R extends Type> = (x: Vector, i: number) => Value<R>;

const op =
  <const A extends readonly Type[], R extends Type>(types: A, result: R, opcode: number): Instruction<A, R> =>
  (...operands) =>
    new Value(result, (code) => {
      for (let i = 0; i < types.length; i++) pushOperand(code, types[i], operands[i] as Value<Type> | number);
      pushOpcode(code, opcode);
    });

const each = <O extends Readonly<Record<string, number>>, const A extends readonly Type[], R extends Type>(
  types: A,
  result: R,
  opcodes: O,
): Each<O, Instruction<A, R>> => {
  const prefix = types.includes('v128') ? SIMD : 0;
  const named = Object.entries(opcodes).map(([name, opcode]) => [name, op(types, result, prefix + opcode)]);
  return Object.fromEntries(named) as Each<O, Instruction<A, R>>;
};

const binary = <O extends Readonly<Record<string, number>>, T extends Type>(type: T, opcodes: O): Each<O, Binary<T>> =>
  each([type, type], type, opcodes);
const lanes1 = (opcode: number): Lanes1 => op(['v128'], 'v128', SIMD + opcode);
const lanes2 = (opcode: number): Lanes2 => op(['v128', 'v128'], 'v128', SIMD + opcode);
const lanes3 = (opcode: number): Lanes3 => op(['v128', 'v128', 'v128'], 'v128', SIMD + opcode);

/** Reads at a byte address plus a fixed `offset`, which is free. */
const load =
  <T extends Type>(type: T, opcode: number): Load<T> =>
  (address, offset = 0) =>
    new Value(type, (code) => {
      pushOperand(code, 'i32', address);
      pushOpcode(code, opcode);
      // An alignment hint, which engines ignore.
      code.push(0);
      pushUnsigned(code, offset);
    });

const lane =
  <R extends Type>(result: R, opcode: number): Lane<R> =>
  (x, i) =>
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

const i32Arithmetic = { add: 0x6a, sub: 0x6b, mul: 0x6c, div: 0x6d, and: 0x71, or: 0x72, shl: 0x74, shr: 0x75 };
const i32Comparison = { eq: 0x46, ne: 0x47, lt: 0x48, gt: 0x4a, le: 0x4c, ge: 0x4e };
export const i32: Each<typeof i32Arithmetic & typeof i32Comparison, Binary<'i32'>> & {
  readonly eqz: Instruction<readonly ['i32'], 'i32'>;
  readonly load: Load<'i32'>;
} = {
  ...binary('i32', { ...i32Arithmetic, ...i32Comparison }),
  eqz: op(['i32'], 'i32', 0x45),
  load: load('i32', 0x28),
};

const f32Binary = { add: 0x92, sub: 0x93, mul: 0x94, div: 0x95 };
const f32Comparison = { ne: 0x5c, eq: 0x5b };
export const f32: Each<typeof f32Binary, Binary<'f32'>> &
  Each<typeof f32Comparison, Comparison<'f32'>> & {
    readonly demote: Instruction<readonly ['f64'], 'f32'>;
    readonly load: Load<'f32'>;
  } = {
  ...binary('f32', f32Binary),
  ...each(['f32', 'f32'], 'i32', f32Comparison),
  demote: op(['f64'], 'f32', 0xb6),
  load: load('f32', 0x2a),
};

const f64Binary = { add: 0xa0, sub: 0xa1, mul: 0xa2, div: 0xa3 };
const f64Comparison = { lt: 0x63 };
export const f64: Each<typeof f64Binary, Binary<'f64'>> &
  Each<typeof f64Comparison, Comparison<'f64'>> & {
    readonly sqrt: Instruction<readonly ['f64'], 'f64'>;
    readonly promote: Instruction<readonly ['f32'], 'f64'>;
    readonly load: Load<'f64'>;
  } = {
  ...binary('f64', f64Binary),
  ...each(['f64', 'f64'], 'i32', f64Comparison),
  sqrt: op(['f64'], 'f64', 0x9f),
  promote: op(['f32'], 'f64', 0xbb),
  load: load('f64', 0x2b),
};

const v128Loads = {
  load: 0x00,
  /** One element of 32 or 64 bits in all lanes. */
  splat32: 0x09,
  splat64: 0x0a,
  /** One element of 32 or 64 bits in the lowest lane, zeros above. */
  low32: 0x5c,
  low64: 0x5d,
};
const v128Binary = {
  and: 0x4e,
  /** `a & ~b`. */
  andNot: 0x4f,
  or: 0x50,
  xor: 0x51,
};
export const v128: Each<typeof v128Loads, Load<'v128'>> &
  Each<typeof v128Binary, Lanes2> & {
    /** Whether any bit is set. */
    readonly any: Instruction<readonly ['v128'], 'i32'>;
    /** Bits of the first operand where the mask (third) is 1, else of the second. */
    readonly select: Lanes3;
    /** Four lanes of 32 bits, each of `a` (0-3) or of `b` (4-7). */
    readonly shuffle: (a: Vector, b: Vector, ...from: readonly [number, number, number, number]) => Vector;
  } = {
  load: load('v128', SIMD + v128Loads.load),
  splat32: load('v128', SIMD + v128Loads.splat32),
  splat64: load('v128', SIMD + v128Loads.splat64),
  low32: load('v128', SIMD + v128Loads.low32),
  low64: load('v128', SIMD + v128Loads.low64),
  ...binary('v128', v128Binary),
  any: op(['v128'], 'i32', SIMD + 0x53),
  select: lanes3(0x52),
  shuffle: (a, b, ...from) =>
    new Value('v128', (code) => {
      a.write(code);
      b.write(code);
      pushOpcode(code, SIMD + 0x0d);
      for (const l of from) code.push(4 * l, 4 * l + 1, 4 * l + 2, 4 * l + 3);
    }),
};

const f32x4Unary = {
  ceil: 0x67,
  floor: 0x68,
  trunc: 0x69,
  nearest: 0x6a,
  abs: 0xe0,
  neg: 0xe1,
  sqrt: 0xe3,
  fromInt: 0xfa,
};
const f32x4Comparison = { eq: 0x41, ne: 0x42, lt: 0x43, gt: 0x44, le: 0x45, ge: 0x46 };
const f32x4Arithmetic = { add: 0xe4, sub: 0xe5, mul: 0xe6, div: 0xe7 };
/**
 * `min` and `max` are as in JavaScript: a NaN wins, and -0 is less than 0. `pmin` and `pmax` are one machine
 * instruction each, `b < a ? b : a` and `a < b ? b : a`: a NaN is kept if it is the first operand.
 */
const f32x4Extremes = { min: 0xe8, max: 0xe9, pmin: 0xea, pmax: 0xeb };
export const f32x4: Each<typeof f32x4Unary, Lanes1> &
  Each<typeof f32x4Comparison & typeof f32x4Arithmetic & typeof f32x4Extremes, Lanes2> & {
    readonly const: (x: number) => Vector;
    readonly splat: Instruction<readonly ['f32'], 'v128'>;
    readonly lane: Lane<'f32'>;
    /** The two low lanes of float64 vectors as float32, zeros above. */
    readonly demote: Lanes1;
    /** `a·b + c` with one rounding if the machine supports it ("relaxed"). */
    readonly fma: Lanes3;
  } = {
  ...each(['v128'], 'v128', f32x4Unary),
  ...binary('v128', { ...f32x4Comparison, ...f32x4Arithmetic, ...f32x4Extremes }),
  const: (x) => vectorConstant(Float32Array.of(x, x, x, x)),
  splat: op(['f32'], 'v128', SIMD + 0x13),
  lane: lane('f32', 0x1f),
  demote: lanes1(0x5e),
  fma: lanes3(0x105),
};

const i32x4Binary = { eq: 0x37, lt: 0x39, gt: 0x3b, add: 0xae, sub: 0xb1 };
const i32x4Shifts = {
  shl: 0xab,
  shr: 0xac,
  /** Unsigned. */
  shrU: 0xad,
};
export const i32x4: Each<typeof i32x4Binary, Lanes2> &
  Each<typeof i32x4Shifts, Shift> & {
    readonly const: (...x: readonly number[]) => Vector;
    readonly splat: Instruction<readonly ['i32'], 'v128'>;
    readonly lane: Lane<'i32'>;
    /** float32 numbers truncated to integers. */
    readonly truncated: Lanes1;
    /** The four lowest bytes, unsigned. */
    readonly fromBytes: Lanes1;
    /** Packs lanes of 0 or -1 into sixteen bytes. */
    readonly toBytes: (a: Vector, b: Vector, c: Vector, d: Vector) => Vector;
  } = {
  ...binary('v128', i32x4Binary),
  ...each(['v128', 'i32'], 'v128', i32x4Shifts),
  const: (...x) => vectorConstant(Int32Array.from({ length: 4 }, (_, i) => x[i % x.length])),
  splat: op(['i32'], 'v128', SIMD + 0x11),
  lane: lane('i32', 0x1b),
  truncated: lanes1(0xf8),
  fromBytes: (x) => lanes1(0xa9)(lanes1(0x89)(x)),
  toBytes: (a, b, c, d) => lanes2(0x65)(lanes2(0x85)(a, b), lanes2(0x85)(c, d)),
};

const i64x2Unary = {
  /** The two low lanes of 32 bits, sign-extended. */
  extendLow: 0xc7,
  extendHigh: 0xc8,
};
const i64x2Binary = { add: 0xce, sub: 0xd1, eq: 0xd6 };
const i64x2Shifts = {
  shl: 0xcb,
  /** Unsigned. */
  shr: 0xcd,
};
export const i64x2: Each<typeof i64x2Unary, Lanes1> &
  Each<typeof i64x2Binary, Lanes2> &
  Each<typeof i64x2Shifts, Shift> & { readonly const: (x: bigint) => Vector } = {
  ...each(['v128'], 'v128', i64x2Unary),
  ...binary('v128', i64x2Binary),
  ...each(['v128', 'i32'], 'v128', i64x2Shifts),
  const: (x) =>
    new Value('v128', (code) => {
      pushOpcode(code, SIMD + 0x0c);
      code.push(...new Uint8Array(BigInt64Array.of(x, x).buffer));
    }),
};

const f64x2Unary = { ceil: 0x74, floor: 0x75, trunc: 0x7a, nearest: 0x94, abs: 0xec, neg: 0xed, sqrt: 0xef };
const f64x2Comparison = { eq: 0x47, ne: 0x48, lt: 0x49, gt: 0x4a, le: 0x4b, ge: 0x4c };
const f64x2Arithmetic = { add: 0xf0, sub: 0xf1, mul: 0xf2, div: 0xf3 };
const f64x2Extremes = { min: 0xf4, max: 0xf5, pmin: 0xf6, pmax: 0xf7 };
export const f64x2: Each<typeof f64x2Unary, Lanes1> &
  Each<typeof f64x2Comparison & typeof f64x2Arithmetic & typeof f64x2Extremes, Lanes2> & {
    readonly const: (x: number) => Vector;
    readonly splat: Instruction<readonly ['f64'], 'v128'>;
    readonly lane: Lane<'f64'>;
    /** The two low float32 lanes as float64. */
    readonly promote: Lanes1;
    readonly fma: Lanes3;
  } = {
  ...each(['v128'], 'v128', f64x2Unary),
  ...binary('v128', { ...f64x2Comparison, ...f64x2Arithmetic, ...f64x2Extremes }),
  const: (x) => vectorConstant(Float64Array.of(x, x)),
  splat: op(['f64'], 'v128', SIMD + 0x14),
  lane: lane('f64', 0x21),
  promote: lanes1(0x5f),
  fma: lanes3(0x107),
};
