/** The part P of a layer, as its user writes it. */
import { InvalidArgumentError, requirePart } from '@hetconv/core';

/** P: a positive integer, or 'channels' for P = M, the number of input channels, whatever it is. */
export type Part = number | 'channels';

/** @throws InvalidArgumentError */
export function checkPart(operation: string, argument: string, part: unknown): Part {
  if (part === 'channels' || (Number.isInteger(part) && (part as number) >= 1)) return part as Part;
  throw new InvalidArgumentError(operation, argument, part, "a positive integer or 'channels'");
}

/** @throws InvalidArgumentError where P > M */
export function resolvePart(operation: string, part: Part, inChannels: number): number {
  if (part === 'channels') return inChannels;
  requirePart(operation, part, inChannels);
  return part;
}

/** P, or M where P > M: for networks that give one P to layers of different width. */
export function clampPart(part: Part, inChannels: number): number {
  return part === 'channels' ? inChannels : Math.min(part, inChannels);
}
