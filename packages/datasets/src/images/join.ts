/** From many batches to one: parts of a set, the batches of a stream, the pictures of a folder. */
import { DatasetArgumentError } from '../errors.ts';
import { type MaybeLabelled, shapeOf } from './images.ts';

/**
 * Joins images of one shape, e.g. pictures after `resizeImages`.
 *
 * @throws DatasetArgumentError when there are none, or when their shapes or their kinds of labels differ
 */
export function joinImages<T extends MaybeLabelled>(parts: readonly T[]): T {
  const count = parts.reduce((sum, part) => sum + part.count, 0);
  const joiner = new Joiner<T>('joinImages', count);
  for (const part of parts) joiner.add(part);
  return joiner.finish();
}

/**
 * The whole of a stream in one container.
 *
 * @param count how many images come, if known: the pixels then stand in memory once instead of twice
 * @throws DatasetArgumentError when nothing comes, or when the batches differ in shape or in their kinds of labels,
 *   or are not `count` images; and whatever the stream throws
 */
export async function collectImages<T extends MaybeLabelled>(batches: AsyncIterable<T>, count?: number): Promise<T> {
  if (count === undefined) {
    const parts: T[] = [];
    for await (const batch of batches) parts.push(batch);
    return joinImages(parts);
  }
  const joiner = new Joiner<T>('collectImages', count);
  for await (const batch of batches) joiner.add(batch);
  return joiner.finish();
}

/** Room for `capacity` images, filled part by part. */
class Joiner<T extends MaybeLabelled> {
  readonly #operation: string;
  readonly #capacity: number;
  #whole: T | undefined;
  #count = 0;

  constructor(operation: string, capacity: number) {
    this.#operation = operation;
    this.#capacity = capacity;
  }

  add(part: T): void {
    const whole = (this.#whole ??= room(part, this.#capacity));
    if (kindOf(part) !== kindOf(whole)) {
      throw new DatasetArgumentError(this.#operation, 'every part', kindOf(part), `as the first (${kindOf(whole)})`);
    }
    if (this.#count + part.count > this.#capacity) this.#refuseCount('more');
    whole.pixels.set(part.pixels, this.#count * part.height * part.width * part.channels);
    if (part.labels !== undefined) whole.labels?.set(part.labels, this.#count);
    if (part.coarseLabels !== undefined) whole.coarseLabels?.set(part.coarseLabels, this.#count);
    this.#count += part.count;
  }

  finish(): T {
    if (this.#whole === undefined) throw new DatasetArgumentError(this.#operation, 'the parts', [], 'at least one');
    if (this.#count < this.#capacity) this.#refuseCount(String(this.#count));
    return this.#whole;
  }

  #refuseCount(came: string): never {
    throw new DatasetArgumentError(this.#operation, 'count', this.#capacity, `the number of images (${came} came)`);
  }
}

function room<T extends MaybeLabelled>(like: T, count: number): T {
  return {
    ...like,
    count,
    pixels: new Uint8Array(count * like.height * like.width * like.channels),
    ...(like.labels === undefined ? {} : { labels: new Uint8Array(count) }),
    ...(like.coarseLabels === undefined ? {} : { coarseLabels: new Uint8Array(count) }),
  };
}

function kindOf(images: MaybeLabelled): string {
  const labels =
    images.coarseLabels !== undefined ? 'coarse and fine labels' : images.labels !== undefined ? 'labels' : 'no labels';
  return `${shapeOf(images).join(' x ')} with ${labels}`;
}
