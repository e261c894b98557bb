/** Runs the activations that the sum kernel's clamp does not cover. */
import type { Activation } from '@hetconv/core';
import { type ActivationRun, type CurvedActivation, emitActivationKernel } from './emit/activation-kernel.ts';
import type { Runtime } from './host/runtime.ts';

/** y, [rows, columns] at an address, and what the activation needs beside it. */
export interface ActivationTarget {
  readonly address: number;
  readonly rows: number;
  readonly columns: number;
  /** Address of [columns] slopes for 'prelu'. */
  readonly slopes: number;
  readonly leakyreluAlpha: number;
}

/** Applies the activation in place; does nothing for those that the sum kernel has applied. */
export function applyActivation(runtime: Runtime, activation: Activation, y: ActivationTarget): void {
  if (!isCurved(activation)) return;
  const { run } = runtime.modules.get(`activation ${activation}`, () => emitActivationKernel(activation));
  const args: Parameters<ActivationRun> =
    activation === 'prelu'
      ? [y.address, y.rows, y.columns, y.slopes, 0]
      : [y.address, 1, y.rows * y.columns, 0, y.leakyreluAlpha];
  run(...args);
}

function isCurved(activation: Activation): activation is CurvedActivation {
  return activation === 'prelu' || activation === 'leakyrelu' || activation === 'elu' || activation === 'sigmoid';
}
