/** The models by name, for command lines and experiments that are data. */
import { InvalidArgumentError } from '@hetconv/core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { type Architecture, withSqueezeExcitation } from './architecture.ts';
import { buildNetwork } from './build-network.ts';
import { MOBILENET_CIFAR, MOBILENET_IMAGENET } from './mobilenet.ts';
import { nearestName } from './nearest-name.ts';
import type { ClassificationOptions } from './options.ts';
import { resnetCifarArchitecture } from './resnet-cifar.ts';
import { resnetImageNetArchitecture } from './resnet-imagenet.ts';
import { VGG16_CIFAR, VGG16_IMAGENET } from './vgg.ts';

/** An architecture that can be built. */
export interface ClassificationModel extends Architecture {
  /** @throws InvalidArgumentError */
  readonly build: (options?: ClassificationOptions) => LayersModel;
}

const ARCHITECTURES: readonly Architecture[] = [
  VGG16_CIFAR,
  ...[20, 32, 56, 110].map(resnetCifarArchitecture),
  MOBILENET_CIFAR,
  VGG16_IMAGENET,
  ...([18, 34, 50] as const).map(resnetImageNetArchitecture),
  MOBILENET_IMAGENET,
];

/** Every model of the zoo: eleven architectures, then the same with squeeze-and-excitation (`se-...`). */
export const classificationModels: readonly ClassificationModel[] = [
  ...ARCHITECTURES,
  ...ARCHITECTURES.map((architecture) => withSqueezeExcitation(architecture)),
].map((architecture) => ({ ...architecture, build: (options) => buildNetwork(architecture, options) }));

/**
 * ```ts
 * const model = classificationModel('resnet20-cifar').build({ part: 4, seed: 1 });
 * ```
 *
 * @throws InvalidArgumentError naming the models and the one that was probably meant
 */
export function classificationModel(name: string): ClassificationModel {
  const found = classificationModels.find((model) => model.name === name);
  if (found !== undefined) return found;
  const names = classificationModels.map((model) => model.name);
  const rule = `one of ${names.join(', ')} (${nearestName(name, names)}?)`;
  throw new InvalidArgumentError('classificationModel', 'name', name, rule);
}
