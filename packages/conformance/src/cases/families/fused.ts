/** Bias and activation in the same kernel: all seven activations, with and without bias, and the gradient of the bias. */
import { fused as fusedOps, type PlanRequest } from '@hetconv/core';
import type { FusedSpec, PassCase } from '../case.ts';
import { passCase } from '../make.ts';

const REQUESTS: readonly PlanRequest[] = [
  { inputShape: [2, 5, 4, 6], outChannels: 5, part: 4, kernelSize: 3, pad: 'same' },
  { inputShape: [1, 7, 6, 8], outChannels: 8, part: 2, kernelSize: 3, strides: 2, pad: 'same' },
  { inputShape: [1, 4, 4, 5], outChannels: 3, part: 1, kernelSize: 1, pad: 'valid' },
];

export function fusedCases(seed: number): PassCase[] {
  return REQUESTS.flatMap((request) => [
    ...epilogues().flatMap((fused) => {
      const styles = isExactOnIntegers(fused) ? (['integer', 'normal'] as const) : (['normal'] as const);
      return styles.map((style) => passCase({ family: 'fused', seed, pass: 'fused', request, style, fused }));
    }),
    ...(['integer', 'normal'] as const).map((style) =>
      passCase({ family: 'fused', seed, pass: 'biasGradient', request, style }),
    ),
  ]);
}

function epilogues(): FusedSpec[] {
  return fusedOps.ACTIVATIONS.flatMap((activation) =>
    (['none', 'scalar', 'channel'] as const).flatMap((bias): FusedSpec[] => {
      if (activation === 'prelu') {
        return (['scalar', 'channel', 'image'] as const).map((slopes) => ({ bias, activation, slopes }));
      }
      if (activation === 'leakyrelu') {
        return [{ bias, activation }, ...[0.25, -0.5].map((leakyreluAlpha) => ({ bias, activation, leakyreluAlpha }))];
      }
      return [{ bias, activation }];
    }),
  );
}

/** Piecewise linear, with slopes that are powers of two: integers stay exact in float32. */
function isExactOnIntegers({ activation, leakyreluAlpha }: FusedSpec): boolean {
  if (activation === 'leakyrelu') return leakyreluAlpha !== undefined;
  return activation !== 'elu' && activation !== 'sigmoid';
}
