/**
 * Instructions as nested expressions: `i32.add(a.get, i32.constant(4))` is the code that leaves the sum on the stack.
 * Only what the kernels use. Opcodes: WebAssembly core 2.0, and its relaxed-simd extension.
 */
import { type Code, signed, unsigned } from './encoding.ts';

const SIMD = 0xfd;

const simd = (opcode: number, ...operands: Code[]): Code => [...operands.flat(), SIMD, ...unsigned(opcode)];
/** Alignment as an exponent of 2 (a hint, never more than the natural one), then the constant offset. */
const memarg = (align: number, offset: number): Code => [...unsigned(align), ...unsigned(offset)];

export const i32 = {
  constant: (value: number): Code => [0x41, ...signed(value)],
  load: (address: Code, offset = 0): Code => [...address, 0x28, ...memarg(2, offset)],
  store: (address: Code, value: Code, offset = 0): Code => [...address, ...value, 0x36, ...memarg(2, offset)],
  eq: (a: Code, b: Code): Code => [...a, ...b, 0x46],
  ne: (a: Code, b: Code): Code => [...a, ...b, 0x47],
  greater: (a: Code, b: Code): Code => [...a, ...b, 0x4a],
  add: (a: Code, b: Code): Code => [...a, ...b, 0x6a],
  sub: (a: Code, b: Code): Code => [...a, ...b, 0x6b],
  mul: (a: Code, b: Code): Code => [...a, ...b, 0x6c],
  and: (a: Code, b: Code): Code => [...a, ...b, 0x71],
  shiftRight: (a: Code, bits: number): Code => [...a, ...i32.constant(bits), 0x76],
};

const f32Bytes = (value: number): Code => [...new Uint8Array(new Float32Array([value]).buffer)];
const f64Bytes = (value: number): Code => [...new Uint8Array(new Float64Array([value]).buffer)];

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
  ones: [...simd(12), ...Array.from<number>({ length: 16 }).fill(0xff)] as Code,
  and: (a: Code, b: Code): Code => simd(0x4e, a, b),
  /** a & ~b */
  andNot: (a: Code, b: Code): Code => simd(0x4f, a, b),
  or: (a: Code, b: Code): Code => simd(0x50, a, b),
  /** Where a bit of `mask` is set, that of `a`, else that of `b`. */
  select: (a: Code, b: Code, mask: Code): Code => simd(0x52, a, b, mask),
  shuffle: (a: Code, b: Code, bytes: readonly number[]): Code => [...simd(13, a, b), ...bytes],
};

export const f32x4 = {
  constant: (value: number): Code => [...simd(12), ...Array.from({ length: 4 }, () => f32Bytes(value)).flat()],
  splat: (value: Code): Code => simd(19, value),
  eq: (a: Code, b: Code): Code => simd(0x41, a, b),
  ne: (a: Code, b: Code): Code => simd(0x42, a, b),
  less: (a: Code, b: Code): Code => simd(0x43, a, b),
  add: (a: Code, b: Code): Code => simd(0xe4, a, b),
  sub: (a: Code, b: Code): Code => simd(0xe5, a, b),
  mul: (a: Code, b: Code): Code => simd(0xe6, a, b),
  /** b < a ? b : a, one instruction on x86; a NaN in `a` stays. */
  pmin: (a: Code, b: Code): Code => simd(0xea, a, b),
  /** a < b ? b : a, one instruction on x86; a NaN in `a` stays. */
  pmax: (a: Code, b: Code): Code => simd(0xeb, a, b),
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
  add: (a: Code, b: Code): Code => simd(0xf0, a, b),
  sub: (a: Code, b: Code): Code => simd(0xf1, a, b),
  mul: (a: Code, b: Code): Code => simd(0xf2, a, b),
  div: (a: Code, b: Code): Code => simd(0xf3, a, b),
  pmin: (a: Code, b: Code): Code => simd(0xf6, a, b),
  pmax: (a: Code, b: Code): Code => simd(0xf7, a, b),
};

export const i64x2 = {
  constant: (value: number): Code => {
    const bytes = [...new Uint8Array(new BigInt64Array([BigInt(value)]).buffer)];
    return [...simd(12), ...bytes, ...bytes];
  },
  add: (a: Code, b: Code): Code => simd(0xce, a, b),
  shiftLeft: (a: Code, bits: number): Code => simd(0xcb, a, i32.constant(bits)),
};
