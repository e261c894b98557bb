/** Which vector instructions this engine has, by asking it to validate the smallest module that uses them. */
import { UnsupportedError } from '@hetconv/core';
import { Scope } from '../assembler/control.ts';
import { f32x4, v128 } from '../assembler/instructions.ts';
import { assemble } from '../assembler/module.ts';
import type { Code } from '../assembler/encoding.ts';

/** `simd`: 128-bit vectors (every engine since 2021-2023). `relaxedsimd`: with multiply-add in one instruction. */
export type InstructionSet = 'simd' | 'relaxedsimd';

let detected: InstructionSet | 'none' | undefined;

/** The best instruction set of this engine. 'none' where Wasm or its SIMD is missing. */
export function detectInstructionSet(): InstructionSet | 'none' {
  detected ??= supports('relaxedsimd') ? 'relaxedsimd' : supports('simd') ? 'simd' : 'none';
  return detected;
}

export function supports(instructionSet: InstructionSet): boolean {
  if (typeof WebAssembly !== 'object') return false;
  const probe =
    instructionSet === 'simd' ? f32x4.add(v128.zero, v128.zero) : f32x4.relaxedMadd(v128.zero, v128.zero, v128.zero);
  return WebAssembly.validate(assemble([{ scope: new Scope([]), body: dropped(probe) }], false));
}

/** @throws UnsupportedError naming the way out */
export function requireInstructionSet(instructionSet: InstructionSet): void {
  if (supports(instructionSet)) return;
  throw new UnsupportedError(
    `This engine cannot run WebAssembly with ${instructionSet}. ` +
      "Call registerComposed('wasm') from '@hetconv/core' to run HetConv on the stock kernels of tfjs instead.",
  );
}

const dropped = (expression: Code): Code => [...expression, 0x1a];
