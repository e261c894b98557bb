/**
 * Bytes to labelled images to tensors: CIFAR, IDX, PNG and JPEG. Runs in browsers and in Node; what reads files and folders is in
 * '@hetconv/datasets/node'.
 */
export type { ByteFile, ByteSource } from './bytes/source.ts';
export {
  CIFAR100_CLASSES,
  CIFAR100_COARSE_CLASSES,
  CIFAR10_CLASSES,
  FASHION_MNIST_CLASSES,
} from './catalogue/class-names.ts';
export {
  type DatasetFile,
  type DatasetId,
  type DatasetInfo,
  DATASETS,
  IMAGENET_STATISTICS,
  type Split,
} from './catalogue/datasets.ts';
export { guidance } from './catalogue/guidance.ts';
export type { DecodeOptions } from './codecs/codec.ts';
export { decodeImage } from './codecs/decode.ts';
export {
  DataFileError,
  type DataFileErrorCode,
  DataNotFoundError,
  DatasetArgumentError,
  DatasetError,
  type DatasetErrorCode,
  type FileFault,
} from './errors.ts';
export { fitShape } from './images/fit.ts';
export { fitPictures } from './images/fit-pictures.ts';
export { type Images, type ImageShape, type LabelledImages, selectImages } from './images/images.ts';
export { collectImages, joinImages } from './images/join.ts';
export type { PerChannel } from './images/per-channel.ts';
export { centerCrop, resizeImages, type ResizeOptions } from './images/resize.ts';
export { channelStatistics, type ChannelStatistics } from './images/statistics.ts';
export {
  type BatchOptions,
  imagesToTensor,
  imageToTensor,
  labelsToTensor,
  type NormalizationOptions,
} from './images/tensors.ts';
export { loadCifar10, loadCifar100, readCifar10, readCifar100 } from './readers/cifar.ts';
export { type IdxOptions, type IdxSources, loadIdx, readIdx, readIdxLabels } from './readers/idx.ts';
export type { ReadOptions } from './readers/options.ts';
