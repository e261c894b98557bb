/** A user's own folder of pictures, sorted into classes: real ones, of Fashion-MNIST. */
import { join } from 'node:path';
import { FASHION_MNIST_CLASSES } from '@hetconv/datasets';
import { fashionMnistSample } from '@hetconv/datasets/node';
import { writePictures } from './fixture-pictures.ts';

/** Writes so many PNG files of each class into a folder of its name. */
export async function writeClassFolder(folder: string, classes: readonly string[], count: number): Promise<void> {
  const sample = await fashionMnistSample();
  for (const name of classes) {
    const members = [...sample.labels.keys()].filter((i) => FASHION_MNIST_CLASSES[sample.labels[i]] === name);
    writePictures(join(folder, name), sample, members.slice(0, count));
  }
}
