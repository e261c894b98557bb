/** Labelled images to try a network on, their labels in the order of the network's outputs. */
import type { ImageSource } from '@hetconv/train';
import type { InputShape } from '../images/load.ts';
import { UsageError } from '../output/failure.ts';
import { loadSplit, type SplitChoice } from './load-data.ts';

/**
 * @param classNames of the network, in the order of its outputs; undefined where it does not say
 * @throws UsageError where the data have a class that the network does not know
 */
export async function selectSplit(
  value: string,
  split: SplitChoice,
  shape: InputShape,
  classNames: readonly string[] | undefined,
  limit: number | undefined,
): Promise<{ readonly name: string; readonly images: ImageSource }> {
  const { name, classes, images } = await loadSplit(value, split, shape, limit);
  return { name, images: classNames === undefined ? images : relabelled(images, classes, classNames) };
}

/** By name: a folder with some of the classes, or in another order, is judged right. */
function relabelled(images: ImageSource, from: readonly string[], to: readonly string[]): ImageSource {
  const unknown = from.find((name) => !to.includes(name));
  if (unknown !== undefined) {
    throw new UsageError(`--data: the network knows no class '${unknown}', only ${to.join(', ')}.`);
  }
  const numbers = from.map((name) => to.indexOf(name));
  return { ...images, labels: Array.from(images.labels, (label) => numbers[label]) };
}
