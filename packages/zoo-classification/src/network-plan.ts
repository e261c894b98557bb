/** A network before it is built: every choice checked and resolved, so that a refused model leaves no tensor behind. */
import { InvalidArgumentError } from '@hetconv/core';
import { checkConvKind, type ConvKind } from '@hetconv/layers';
import type { Architecture, ImageShape } from './architecture.ts';
import type { ClassificationOptions, Notice, PartChoice } from './options.ts';
import { type PlannedConv, resolveParts } from './part-choice.ts';
import { replacedConvs } from './shape-network.ts';

export interface NetworkPlan {
  readonly architecture: Architecture;
  readonly convKind: ConvKind;
  /** As it was asked for. */
  readonly part: PartChoice;
  /** In the order of computation. */
  readonly replaced: readonly PlannedConv[];
  readonly classes: number;
  readonly inputShape: ImageShape;
  readonly seed: number | string;
}

/** @throws InvalidArgumentError */
export function planNetwork(architecture: Architecture, options: ClassificationOptions): NetworkPlan {
  const { name } = architecture;
  const { convKind: kind = 'hetconv', part = 4, classes = architecture.classes, seed = 0 } = options;
  const convKind = checkConvKind(name, kind);
  if (!Number.isInteger(classes) || classes < 2) {
    throw new InvalidArgumentError(name, 'classes', classes, 'an integer >= 2');
  }
  const { reduction } = architecture;
  if (reduction !== undefined && (!Number.isInteger(reduction) || reduction < 1)) {
    throw new InvalidArgumentError(name, 'reduction', reduction, 'a positive integer');
  }
  const inputShape = checkInputShape(architecture, options.inputShape ?? architecture.inputShape);
  const notices: Notice[] = [];
  const replaced = resolveParts(name, convKind, part, replacedConvs(architecture, inputShape), notices);
  if (options.onNotice) notices.forEach(options.onNotice);
  return { architecture, convKind, part, replaced, classes, inputShape, seed };
}

/**
 * P of every replaced convolution in the order of computation, none above its input channels. Where these are the same, so is
 * the network: P = 64 and 'channels' of a ResNet-20.
 *
 * @throws InvalidArgumentError
 */
export function resolvedParts(
  architecture: Architecture,
  options: Pick<ClassificationOptions, 'convKind' | 'part'>,
): readonly number[] {
  return planNetwork(architecture, options).replaced.map(({ part }) => part);
}

function checkInputShape({ name, leastSize }: Architecture, shape: ImageShape): ImageShape {
  const [height, width, channels] = shape;
  const isShape = shape.length === 3 && shape.every((size) => Number.isInteger(size) && size >= 1);
  if (isShape && height >= leastSize && width >= leastSize) return [height, width, channels];
  const rule = `[height, width, channels] with height and width of at least ${leastSize}`;
  throw new InvalidArgumentError(name, 'inputShape', shape, rule);
}
