/** P of every replaced convolution, from what was asked for. */
import { InvalidArgumentError } from '@hetconv/core';
import { clampPart, type ConvKind, type Part, usesPart } from '@hetconv/layers';
import type { Notice, PartChoice } from './options.ts';
import type { ReplacedConv } from './shape-network.ts';

/** A replaced convolution and its P, at most its input channels. */
export interface PlannedConv extends ReplacedConv {
  readonly part: number;
}

/**
 * @param model the name that errors and notices begin with
 * @param notices gets one for each layer whose P was reduced
 * @throws InvalidArgumentError
 */
export function resolveParts(
  model: string,
  kind: ConvKind,
  choice: PartChoice,
  convs: readonly ReplacedConv[],
  notices: Notice[],
): PlannedConv[] {
  const wanted = partsByLayer(model, choice, convs);
  return convs.map((conv) => ({ ...conv, part: resolvePart(model, kind, conv, wanted(conv.name), notices) }));
}

function partsByLayer(model: string, choice: PartChoice, convs: readonly ReplacedConv[]): (layer: string) => Part {
  if (typeof choice !== 'object' || choice === null) return () => choice;
  const names = convs.map((conv) => conv.name);
  const unknown = Object.keys(choice).find((key) => key !== 'default' && !names.includes(key));
  if (unknown !== undefined) {
    throw new InvalidArgumentError(model, 'part', choice, `by the layer names default, ${names.join(', ')}`);
  }
  const missing = names.find((layer) => choice[layer] === undefined);
  if (missing !== undefined && choice['default'] === undefined) {
    const rule = `given for every layer or with a default (${missing} has none)`;
    throw new InvalidArgumentError(model, 'part', choice, rule);
  }
  return (layer) => choice[layer] ?? choice['default'];
}

function resolvePart(model: string, kind: ConvKind, conv: ReplacedConv, part: Part, notices: Notice[]): number {
  if (part !== 'channels' && (!Number.isInteger(part) || part < 1)) {
    throw new InvalidArgumentError(model, 'part', part, "a positive integer or 'channels'");
  }
  const { name: layer, filters } = conv;
  const inChannels = conv.inputShape[2];
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
