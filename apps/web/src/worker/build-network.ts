/** A network of the zoo from its name, kind, P and seed: the same graph and bits on every backend and on the command line. */
import { type ConvKind, usesPart } from '@hetconv/layers';
import type { ClassificationModel, Notice } from '@hetconv/zoo-classification';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { PartName } from '../settings/part.ts';

export interface NetworkChoice {
  readonly kind: ConvKind;
  /** Ignored by kinds that have no P. */
  readonly part: PartName;
  readonly seed: string;
}

/** @param onProblem told where the network deviates from what was asked: in layers with fewer input channels than P */
export function buildNetwork(
  entry: ClassificationModel,
  { kind, part, seed }: NetworkChoice,
  onProblem: (message: string) => void,
): LayersModel {
  const notices: Notice[] = [];
  const onNotice = (notice: Notice): void => void notices.push(notice);
  const model = entry.build({ convKind: kind, ...(usesPart(kind) && { part }), seed, onNotice });
  if (notices.length > 0) {
    const layers = `${notices.length} ${notices.length === 1 ? 'layer' : 'layers'} of ${entry.name}`;
    onProblem(`P=${part} is more than the input channels of ${layers}; there P is as many as they have.`);
  }
  return model;
}
