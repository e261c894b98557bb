/** A network before it is built: every choice checked and resolved, so that a refused model leaves no tensor behind. */
import { InvalidArgumentError } from '@hetconv/core';
import { checkConvKind, clampPart, type ConvKind, type Part, usesPart } from '@hetconv/layers';
import type { ClassificationOptions, Notice, PartChoice } from './options.ts';

/** One KxK convolution of an architecture. */
export interface ConvSpec {
  readonly name: string;
  readonly inChannels: number;
  readonly filters: number;
  /** Default 1. */
  readonly strides?: number;
}

/** What an architecture says about itself. */
export interface Architecture {
  /** As in the registry. */
  readonly name: string;
  readonly inputShape: readonly [number, number, number];
  readonly classes: number;
  /** The smallest height and width that leave a pixel at the end. */
  readonly leastSize: number;
  /** Every KxK convolution but the first, which stays standard. */
  replaced(inChannels: number): readonly ConvSpec[];
}

export interface NetworkPlan {
  readonly name: string;
  readonly convKind: ConvKind;
  /** As it was asked for. */
  readonly part: PartChoice;
  /** P by layer name, at most the input channels. */
  readonly parts: ReadonlyMap<string, number>;
  readonly classes: number;
  readonly inputShape: [number, number, number];
  readonly seed: number | string;
}

/** @throws InvalidArgumentError */
export function planNetwork(architecture: Architecture, options: ClassificationOptions): NetworkPlan {
  const { name, leastSize } = architecture;
  const { convKind: kind = 'hetconv', part = 4, classes = architecture.classes, seed = 0 } = options;
  const inputShape = options.inputShape ?? architecture.inputShape;
  const convKind = checkConvKind(name, kind);
  if (!Number.isInteger(classes) || classes < 2) {
    throw new InvalidArgumentError(name, 'classes', classes, 'an integer >= 2');
  }
  const [height, width, channels] = inputShape;
  const isShape = inputShape.length === 3 && inputShape.every((size) => Number.isInteger(size) && size >= 1);
  if (!isShape || height < leastSize || width < leastSize) {
    const rule = `[height, width, channels] with height and width of at least ${leastSize}`;
    throw new InvalidArgumentError(name, 'inputShape', inputShape, rule);
  }
  const specs = architecture.replaced(channels);
  const wanted = partsByLayer(name, part, specs);
  const notices: Notice[] = [];
  const parts = new Map(specs.map((spec) => [spec.name, resolve(name, convKind, spec, wanted(spec.name), notices)]));
  if (options.onNotice) notices.forEach(options.onNotice);
  return { name, convKind, part, parts, classes, inputShape: [height, width, channels], seed };
}

function partsByLayer(model: string, part: PartChoice, specs: readonly ConvSpec[]): (layer: string) => Part {
  if (typeof part !== 'object' || part === null) return () => part;
  const names = specs.map((spec) => spec.name);
  const unknown = Object.keys(part).find((key) => key !== 'default' && !names.includes(key));
  if (unknown !== undefined) {
    throw new InvalidArgumentError(model, 'part', part, `by the layer names default, ${names.join(', ')}`);
  }
  const missing = names.find((layer) => part[layer] === undefined);
  if (missing !== undefined && part.default === undefined) {
    throw new InvalidArgumentError(
      model,
      'part',
      part,
      `given for every layer or with a default (${missing} has none)`,
    );
  }
  return (layer) => part[layer] ?? part.default;
}

function resolve(model: string, kind: ConvKind, spec: ConvSpec, part: Part, notices: Notice[]): number {
  if (part !== 'channels' && (!Number.isInteger(part) || part < 1)) {
    throw new InvalidArgumentError(model, 'part', part, "a positive integer or 'channels'");
  }
  const { name: layer, inChannels, filters } = spec;
  const used = clampPart(part, inChannels);
  if (!usesPart(kind)) return used;
  // A pair groups its first convolution, which keeps the channels.
  const groupedFilters = kind === 'gwc-pwc' ? inChannels : filters;
  if (kind !== 'hetconv' && (inChannels % used !== 0 || groupedFilters % used !== 0)) {
    const rule = `a common divisor of ${inChannels} and ${groupedFilters}, the channels of ${layer}, for kind ${kind}`;
    throw new InvalidArgumentError(model, 'part', part, rule);
  }
  if (part !== 'channels' && part > inChannels) {
    const message = `${model}: part ${part} exceeds the ${inChannels} input channels of ${layer}, which uses part ${used}.`;
    notices.push({ code: 'part-clamped', layer, requested: part, used, message });
  }
  return used;
}
