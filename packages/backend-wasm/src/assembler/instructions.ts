/**
 * Instructions as nested expressions: `i32.add(a.get, i32.constant(4))` is the code that leaves the sum on the stack.
 * Only what the kernels use. Opcodes: WebAssembly core 2.0, and its relaxed-simd extension.
 */
import { type Code, signed, unsigned } from './encoding.ts';

const SIMD = 0xfd;

type Binary = (a: Code, b: Code) => Code;

const binary =
  (opcode: number): Binary =>
  (a, b) => [...a, ...b, opcode];
const simd = (opcode: number, ...operands: Code[]): Code => [...operands.flat(), SIMD, ...unsigned(opcode)];
const simdBinary =
  (opcode: number): Binary =>
  (a, b) =>
    simd(opcode, a, b);
/** Alignment as an exponent of 2 (a hint, never more than the natural one), then the constant offset. */
const memarg = (align: number, offset: number): Code => [...unsigned(align), ...unsigned(offset)];

export const i32 = {
  constant: (value: number): Code => [0x41, ...signed(value)],
  load: (address: Code, offset = 0): Code => [...address, 0x28, ...memarg(2, offset)],
  eq: binary(0x46) as Binary,
  ne: binary(0x47) as Binary,
  greater: binary(0x4a) as Binary,
  add: binary(0x6a) as Binary,
  sub: binary(0x6b) as Binary,
  mul: binary(0x6c) as Binary,
  and: binary(0x71) as Binary,
  shiftRight: (a: Code, bits: number): Code => [...a, ...i32.constant(bits), 0x76],
};

const f64Bytes = (value: number): Code => [...new Uint8Array(new Float64Array([value]).buffer)];

export const f32 = {
  load: (address: Code, offset = 0): Code => [...address, 0x2a, ...memarg(2, offset)],
  store: (address: Code, value: Code, offset = 0): Code => [...address, ...value, 0x38, ...memarg(2, offset)],
};

export const v128 = {
  zero: [...simd(12), ...Array.from<number>({ length: 16 }).fill(0)] as Code,
  load: (address: Code, offset = 0): Code => [...simd(0, address), ...memarg(2, offset)],
  /** 4 bytes, to every lane. */
  load32Splat: (address: Code, offset = 0): Code => [...simd(9, address), ...memarg(2, offset)],
  /** 8 bytes, to both halves. */
  load64Splat: (address: Code, offset = 0): Code => [...simd(10, address), ...memarg(2, offset)],
  store: (address: Code, value: Code, offset = 0): Code => [...simd(11, address, value), ...memarg(2, offset)],
  storeLane: (address: Code, value: Code, lane: number, offset = 0): Code => [
    ...simd(0x5a, address, value),
    ...memarg(2, offset),
    lane,
  ],
  /** Where a bit of `mask` is set, that of `a`, else that of `b`. */
  select: (a: Code, b: Code, mask: Code): Code => simd(0x52, a, b, mask),
  shuffle: (a: Code, b: Code, bytes: readonly number[]): Code => [...simd(13, a, b), ...bytes],
};

export const f32x4 = {
  splat: (value: Code): Code => simd(19, value),
  less: simdBinary(0x43) as Binary,
  add: simdBinary(0xe4) as Binary,
  mul: simdBinary(0xe6) as Binary,
  /** b < a ? b : a, one instruction on x86; a NaN in `a` stays. */
  pmin: simdBinary(0xea) as Binary,
  /** a < b ? b : a, one instruction on x86; a NaN in `a` stays. */
  pmax: simdBinary(0xeb) as Binary,
  /** a*b + c, rounded once or twice, as the machine does best. Relaxed SIMD. */
  relaxedMadd: (a: Code, b: Code, c: Code): Code => simd(0x105, a, b, c),
  /** The two lanes of an f64x2, rounded; zeros above. */
  demote: (a: Code): Code => simd(0x5e, a),
};

export const f64x2 = {
  constant: (value: number): Code => [...simd(12), ...f64Bytes(value), ...f64Bytes(value)],
  /** The two low lanes of an f32x4. */
  promoteLow: (a: Code): Code => simd(0x5f, a),
  nearest: (a: Code): Code => simd(0x94, a),
  add: simdBinary(0xf0) as Binary,
  sub: simdBinary(0xf1) as Binary,
  mul: simdBinary(0xf2) as Binary,
  div: simdBinary(0xf3) as Binary,
  pmin: simdBinary(0xf6) as Binary,
  pmax: simdBinary(0xf7) as Binary,
};

export const i64x2 = {
  constant: (value: number): Code => {
    const bytes = [...new Uint8Array(new BigInt64Array([BigInt(value)]).buffer)];
    return [...simd(12), ...bytes, ...bytes];
  },
  add: simdBinary(0xce) as Binary,
  shiftLeft: (a: Code, bits: number): Code => simd(0xcb, a, i32.constant(bits)),
};
