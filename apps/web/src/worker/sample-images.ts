/** The real images that come with the page: the Fashion-MNIST sample of @hetconv/datasets, which the command line uses as well. */
import { FASHION_MNIST_CLASSES, fitShape, type LabelledImages, readIdx } from '@hetconv/datasets';
import imagesUrl from '@hetconv/datasets/fixtures/fashion-mnist-sample/images-idx3-ubyte.gz?url';
import labelsUrl from '@hetconv/datasets/fixtures/fashion-mnist-sample/labels-idx1-ubyte.gz?url';
import type { Sample } from './protocol.ts';

const RGB = [28, 28, 3] as const;

let loaded: Promise<LabelledImages> | undefined;

/** The first `count` test images of Fashion-MNIST, 28 x 28 x 1. */
export async function sampleImages(count: number): Promise<LabelledImages> {
  loaded ??= load();
  const images = await loaded;
  const size = images.height * images.width * images.channels;
  const labels = images.labels.subarray(0, count);
  return { ...images, count: labels.length, pixels: images.pixels.subarray(0, labels.length * size), labels };
}

async function load(): Promise<LabelledImages> {
  const [images, labels] = await Promise.all([imagesUrl, labelsUrl].map(bytesOf));
  for await (const batch of readIdx({ images, labels }, { batchSize: MOST })) return batch;
  throw new Error('The file of the sample images holds none.');
}

/** As many as the page ever asks for. */
const MOST = 64;

async function bytesOf(url: string): Promise<Uint8Array> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`The sample images cannot be loaded: ${response.status} ${response.statusText}.`);
  return new Uint8Array(await response.arrayBuffer());
}

/** One image of each class, in the order of their first appearance, at most `count`. */
export async function samples(count: number): Promise<Sample[]> {
  const images = fitShape(await sampleImages(MOST), RGB);
  const size = RGB[0] * RGB[1] * RGB[2];
  const firsts = [...new Set(images.labels)].map((label) => images.labels.indexOf(label)).slice(0, count);
  return firsts.map((index) => ({
    name: FASHION_MNIST_CLASSES[images.labels[index]],
    picture: {
      height: images.height,
      width: images.width,
      pixels: images.pixels.slice(index * size, (index + 1) * size),
    },
  }));
}
