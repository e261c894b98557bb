/** The HetConv layers that the networks of the zoo consist of, as requests for plans: what a kernel has to be good at. */
import type { PlanRequest } from '@hetconv/core';
import type { Part } from '@hetconv/layers';
import type { Architecture } from './architecture.ts';
import { planNetwork } from './network-plan.ts';
import type { PlannedConv } from './part-choice.ts';
import { classificationModels } from './registry.ts';

export interface ZooLayer {
  /** Network, layer and P, e.g. 'resnet50-imagenet/stage2_block1_conv2/p4': the first place where the geometry occurs. */
  readonly name: string;
  /** For one image. */
  readonly request: PlanRequest;
}

export interface DistinctLayersOptions {
  /** Default: all of the zoo. */
  readonly models?: readonly Architecture[];
  /** Each P, where it exceeds the input channels of a layer their number. Default 4 and 'channels'. */
  readonly parts?: readonly Part[];
}

/**
 * Every geometry once, at the native sizes of the networks, in the order of the registry. Makes no weights.
 *
 * @throws InvalidArgumentError
 */
export function distinctLayers(options: DistinctLayersOptions = {}): ZooLayer[] {
  const { models = classificationModels, parts = [4, 'channels'] } = options;
  const found = new Map<string, ZooLayer>();
  for (const model of models) {
    for (const part of parts) {
      for (const conv of planNetwork(model, { part }).replaced) {
        const request = requestOf(conv);
        const key = JSON.stringify(request);
        if (!found.has(key)) found.set(key, { name: `${model.name}/${conv.name}/p${conv.part}`, request });
      }
    }
  }
  return [...found.values()];
}

function requestOf({ inputShape, filters, part, kernelSize, strides }: PlannedConv): PlanRequest {
  return { inputShape: [1, ...inputShape], outChannels: filters, part, kernelSize, strides, pad: 'same' };
}
