/** The models by name, for command lines and experiments that are data. */
import { InvalidArgumentError } from '@hetconv/core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { nearestName } from './nearest-name.ts';
import type { ClassificationOptions } from './options.ts';
import { resnetCifar } from './resnet-cifar.ts';
import { vgg16Cifar } from './vgg.ts';

export interface ClassificationModel {
  /** Architecture and head, e.g. 'resnet56-cifar'. */
  readonly name: string;
  /** For people, e.g. 'ResNet-56 for CIFAR'. */
  readonly title: string;
  /** What the model was designed for, and the default. */
  readonly inputShape: readonly [number, number, number];
  readonly classes: number;
  /** @throws InvalidArgumentError */
  build(options?: ClassificationOptions): LayersModel;
}

const CIFAR = { inputShape: [32, 32, 3], classes: 10 } as const;

const resnet = (depth: number): ClassificationModel => ({
  ...CIFAR,
  name: `resnet${depth}-cifar`,
  title: `ResNet-${depth} for CIFAR`,
  build: (options) => resnetCifar(depth, options),
});

/** Every model of the zoo. */
export const classificationModels: readonly ClassificationModel[] = [
  { ...CIFAR, name: 'vgg16-cifar', title: 'VGG-16 for CIFAR', build: vgg16Cifar },
  ...[20, 32, 56, 110].map(resnet),
];

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
