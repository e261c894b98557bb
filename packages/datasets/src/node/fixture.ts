/** The real images that this package carries: see fixtures/fashion-mnist-sample/README.md. */
import { fileURLToPath } from 'node:url';
import type { LabelledImages } from '../images/images.ts';
import { collectImages } from '../images/join.ts';
import { readIdx } from '../readers/idx.ts';
import type { ReadOptions } from '../readers/options.ts';
import { fileSource } from './file-source.ts';

/** How many images the sample holds. */
export const FASHION_MNIST_SAMPLE_COUNT = 512;

/** Where the sample's files stand: from src and from dist it is the same two folders up. */
const FOLDER = new URL('../../fixtures/fashion-mnist-sample/', import.meta.url);

/**
 * The first 512 test images of Fashion-MNIST, 28 x 28 x 1, with their labels (`FASHION_MNIST_CLASSES`). With
 * `{ shape: [32, 32, 3] }` they fit a network made for CIFAR.
 *
 * @throws DataFileError when the package was bundled without its fixtures folder; DatasetArgumentError
 */
export async function fashionMnistSample(options: Omit<ReadOptions, 'batchSize'> = {}): Promise<LabelledImages> {
  const [images, labels] = await Promise.all(
    ['images-idx3-ubyte.gz', 'labels-idx1-ubyte.gz'].map((name) => fileSource(fileURLToPath(new URL(name, FOLDER)))),
  );
  return collectImages(readIdx({ images, labels }, options), FASHION_MNIST_SAMPLE_COUNT);
}
