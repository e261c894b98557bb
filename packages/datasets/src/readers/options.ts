/** The options that all readers of labelled images share. */
import { DatasetArgumentError } from '../errors.ts';
import { checkFit, fitShape } from '../images/fit.ts';
import type { ImageShape, LabelledImages } from '../images/images.ts';

export interface ReadOptions {
  /** Images per batch; the last batch may be smaller. 1 gives sample by sample. Default 256. */
  readonly batchSize?: number;
  /** See `fitShape`: `[32, 32, 3]` pads 28 x 28 x 1 with black and repeats its channel. Default: as stored. */
  readonly shape?: ImageShape;
}

/** What the options mean for a file whose images have a given shape. */
export interface Batching {
  readonly size: number;
  fit(batch: LabelledImages): LabelledImages;
}

/** @throws DatasetArgumentError */
export function checkBatchSize(operation: string, { batchSize = 256 }: ReadOptions): number {
  if (Number.isInteger(batchSize) && batchSize >= 1 && batchSize <= 65_536) return batchSize;
  throw new DatasetArgumentError(operation, 'batchSize', batchSize, 'an integer from 1 to 65536');
}

/** @throws DatasetArgumentError when images of shape `stored` cannot be brought to `options.shape` */
export function checkReadOptions(operation: string, stored: ImageShape, options: ReadOptions): Batching {
  const size = checkBatchSize(operation, options);
  const { shape } = options;
  if (shape === undefined) return { size, fit: (batch) => batch };
  checkFit(operation, stored, shape);
  return { size, fit: (batch) => fitShape(batch, shape) };
}
