/** A user's own folder of pictures, sorted into classes: real ones, of Fashion-MNIST. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FASHION_MNIST_CLASSES } from '@hetconv/datasets';
import { fashionMnistSample } from '@hetconv/datasets/node';
import { PNG } from 'pngjs';

/** Writes so many PNG files of each class into a folder of its name. */
export async function writePictures(folder: string, classes: readonly string[], count: number): Promise<void> {
  const { pixels, labels, height, width } = await fashionMnistSample();
  for (const name of classes) {
    mkdirSync(join(folder, name), { recursive: true });
    const members = [...labels.keys()].filter((i) => FASHION_MNIST_CLASSES[labels[i]] === name).slice(0, count);
    for (const i of members) {
      const png = new PNG({ width, height, colorType: 0 });
      const size = height * width;
      pixels.subarray(i * size, (i + 1) * size).forEach((value, j) => {
        png.data.set([value, value, value, 255], 4 * j);
      });
      writeFileSync(join(folder, name, `${i}.png`), PNG.sync.write(png));
    }
  }
}
