/** Classification networks whose convolutions may be HetConvs, standard ones, or the blocks that the paper compares. */
export { vgg16Cifar, vgg16ImageNet } from './vgg.ts';
export { resnetCifar } from './resnet-cifar.ts';
export { resnetImageNet } from './resnet-imagenet.ts';
export type { ImageNetDepth } from './resnet-imagenet.ts';
export { mobilenetCifar, mobilenetImageNet } from './mobilenet.ts';
export { classificationModel, classificationModels } from './registry.ts';
export type { ClassificationModel } from './registry.ts';
export { withSqueezeExcitation } from './architecture.ts';
export type { Architecture, ConvWindow, DenseLayer, ImageShape, Network, PoolWindow } from './architecture.ts';
export { buildNetwork } from './build-network.ts';
export { distinctLayers } from './distinct-layers.ts';
export type { DistinctLayersOptions, ZooLayer } from './distinct-layers.ts';
export { resolvedParts } from './network-plan.ts';
export type { ClassificationOptions, Notice, PartChoice } from './options.ts';
