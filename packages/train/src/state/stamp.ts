/** What must travel with trained weights: which classes they tell apart, and what was done to the images. */
import type { ImageShape } from '@hetconv/datasets';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { Normalization } from '../recipe/recipe.ts';

export interface TrainingStamp {
  /** The data set as the training named it. */
  readonly dataset: string;
  /** In the order of the outputs. */
  readonly classNames: readonly string[];
  readonly normalization: Normalization;
  /** Of the images before they were fitted to the network, for `fitPictures`; undefined for pictures of all sizes. */
  readonly imageShape?: ImageShape | undefined;
}

/** Writes it into the metadata of the model, which its files keep. */
export function stampModel(model: LayersModel, { imageShape, ...stamp }: TrainingStamp): void {
  const metadata = metadataOf(model);
  const { imageShape: _, ...own } = (metadata['hetconv'] ?? {}) as Partial<TrainingStamp>;
  const shape = imageShape === undefined ? {} : { imageShape }; // metadata take nothing undefined
  model.setUserDefinedMetadata({ ...metadata, hetconv: { ...own, ...stamp, ...shape } });
}

/** Undefined for a model that was not trained by this package. */
export function stampOf(model: LayersModel): TrainingStamp | undefined {
  const own = metadataOf(model)['hetconv'] as Partial<TrainingStamp> | undefined;
  if (own?.classNames === undefined || own.normalization === undefined) return undefined;
  const { dataset = '', classNames, normalization, imageShape } = own;
  return { dataset, classNames, normalization, imageShape };
}

/** What describes the model itself: the zoo's name, kind, P and seed. */
export function descriptionOf(model: LayersModel): Readonly<Record<string, unknown>> {
  const {
    dataset: _,
    classNames: __,
    normalization: ___,
    imageShape: ____,
    ...own
  } = (metadataOf(model)['hetconv'] ?? {}) as Record<string, unknown>;
  return own;
}

function metadataOf(model: LayersModel): Record<string, unknown> {
  const metadata: Record<string, unknown> | undefined = model.getUserDefinedMetadata();
  return metadata ?? {};
}
