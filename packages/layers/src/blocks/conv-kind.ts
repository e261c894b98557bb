/** The kinds of convolution that the paper compares, by the names that the command line and the experiments use. */
import { InvalidArgumentError } from '@hetconv/core';

/**
 * What stands where a network has a KxK convolution of M to N channels:
 *
 * | kind | block | multiply-adds a position |
 * | --- | --- | --- |
 * | standard | KxK | M*N*K*K |
 * | hetconv | HetConv with part P | M*N*(1 + (K*K - 1)/P) |
 * | gwc-pwc | grouped KxK, M to M, G = P; then 1x1, M to N | M*M*K*K/G + M*N |
 * | dwc-pwc | depthwise KxK; then 1x1, M to N | M*K*K + M*N |
 * | pwc | 1x1 | M*N |
 * | dualconv | grouped KxK, G = P, plus a full 1x1 of the same input | M*N*(K*K/G + 1) |
 */
export type ConvKind = 'standard' | 'hetconv' | 'gwc-pwc' | 'dwc-pwc' | 'pwc' | 'dualconv';

export const CONV_KINDS: readonly ConvKind[] = ['standard', 'hetconv', 'gwc-pwc', 'dwc-pwc', 'pwc', 'dualconv'];

/** @throws InvalidArgumentError listing the kinds */
export function checkConvKind(operation: string, kind: unknown): ConvKind {
  const found = CONV_KINDS.find((name) => name === kind);
  if (found !== undefined) return found;
  throw new InvalidArgumentError(operation, 'kind', kind, `one of ${CONV_KINDS.join(', ')}`);
}

/** Whether the block of a kind depends on P (for the grouped kinds, on G = P). */
export function usesPart(kind: ConvKind): boolean {
  return kind === 'hetconv' || kind === 'gwc-pwc' || kind === 'dualconv';
}
