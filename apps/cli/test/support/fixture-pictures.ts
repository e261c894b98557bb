/** Images of the fixture as files: what a person has who saved them as pictures. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Images } from '@hetconv/datasets';
import { PNG } from 'pngjs';

/** Writes images of one channel as grey PNG files, named by their indices. @returns their paths, in the order of the indices */
export function writePictures(folder: string, { height, width, pixels }: Images, indices: readonly number[]): string[] {
  mkdirSync(folder, { recursive: true });
  const size = height * width;
  return indices.map((index) => {
    const png = new PNG({ width, height, colorType: 0 });
    pixels.subarray(index * size, (index + 1) * size).forEach((value, j) => {
      png.data.set([value, value, value, 255], 4 * j);
    });
    const file = join(folder, `${index}.png`);
    writeFileSync(file, PNG.sync.write(png));
    return file;
  });
}
