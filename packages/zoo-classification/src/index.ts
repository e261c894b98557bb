/** Classification networks whose convolutions may be HetConvs, standard ones, or the blocks that the paper compares. */
export { vgg16Cifar } from './vgg.ts';
export { resnetCifar } from './resnet-cifar.ts';
export { classificationModel, classificationModels } from './registry.ts';
export type { ClassificationModel } from './registry.ts';
export type { ClassificationOptions, Notice, PartChoice } from './options.ts';
