/** Every mutant. */
import type { Mutant } from '../mutant.ts';
import { composedMutants } from './composed.ts';
import { cpuMutants } from './cpu.ts';
import { wasmMutants } from './wasm.ts';
import { webglMutants } from './webgl.ts';
import { webgpuMutants } from './webgpu.ts';

export const MUTANTS: readonly Mutant[] = [
  ...cpuMutants,
  ...composedMutants,
  ...wasmMutants,
  ...webgpuMutants,
  ...webglMutants,
];
