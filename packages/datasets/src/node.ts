/** What needs a file system: finds, checks and streams sets and pictures from disk, and carries a small set along. */
export { type ClassFolder, type ClassFolderSplits, listClassFolder, splitClassFolder } from './node/class-folder.ts';
export { fileSource } from './node/file-source.ts';
export { FASHION_MNIST_SAMPLE_COUNT, fashionMnistSample } from './node/fixture.ts';
export {
  type FolderImage,
  type ImageFolderOptions,
  listImageFolder,
  loadImageFolder,
  readImageFolder,
  readPicture,
} from './node/image-folder.ts';
export {
  dataFolder,
  type DataOptions,
  findDatasets,
  locateDataset,
  type LocatedFile,
  type LocatedSplit,
} from './node/locate.ts';
export { type DatasetOptions, loadDataset, readDataset, readSplit } from './node/read-dataset.ts';
export { type VerifiedFile, verifyDataset } from './node/verify.ts';
