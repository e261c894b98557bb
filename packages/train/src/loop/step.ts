/** One step of training, and one look at test images. All that touches the device in the loop is here. */
import { InvalidArgumentError } from '@hetconv/core';
import {
  addN,
  dispose,
  keep,
  type Scalar,
  type Tensor,
  type Tensor2D,
  tensor4d,
  tidy,
  variableGrads,
} from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { ImageShape } from '@hetconv/datasets';
import type { Batch } from '../data/batches.ts';
import type { Optimizer, Parameter, StepSize } from '../optimize/optimizer.ts';
import { crossEntropy, smoothedTargets } from './cross-entropy.ts';
import type { Classifier } from './head.ts';

export interface StepContext {
  readonly model: LayersModel;
  readonly classifier: Classifier;
  readonly parameters: readonly Parameter[];
  readonly optimizer: Optimizer;
  readonly shape: ImageShape;
  readonly labelSmoothing: number;
}

/**
 * Forward, gradients, update; normalisations update their moving averages on the way.
 *
 * @returns the logits from before the update; one small read, on which the loop waits
 */
export async function trainStep(context: StepContext, batch: Batch, size: StepSize): Promise<Float32Array> {
  const { model, classifier, parameters, optimizer, labelSmoothing } = context;
  const kept = tidy((): Tensor2D => {
    const x = imagesOf(batch, context.shape);
    const targets = smoothedTargets(batch.labels, classifier.classes, labelSmoothing);
    let logits: Tensor2D | undefined;
    const loss = (): Scalar => {
      logits = keep(classifier.network.apply(x, { training: true }) as Tensor2D);
      return addN<Scalar>([crossEntropy(logits, targets), ...model.calculateLosses()]);
    };
    const variables = parameters.map(({ variable }) => variable);
    const { grads } = variableGrads(loss, variables);
    optimizer.apply(
      variables.map(({ name }) => grads[name]),
      size,
    );
    return logits as unknown as Tensor2D; // set by loss, which TypeScript does not see
  });
  return readOnce(kept);
}

/** @returns the logits, moving averages in the place of the batch's own */
export async function testStep(
  context: Pick<StepContext, 'classifier' | 'shape'>,
  batch: Batch,
): Promise<Float32Array> {
  const { network } = context.classifier;
  return readOnce(tidy(() => network.apply(imagesOf(batch, context.shape), { training: false }) as Tensor));
}

/** @throws InvalidArgumentError where the images do not have the shape of the model's input */
export function checkShape(operation: string, model: LayersModel, shape: ImageShape): void {
  const wanted = model.inputs[0].shape.slice(1);
  if (wanted.length === 3 && wanted.every((side, axis) => side === null || side === shape[axis])) return;
  throw new InvalidArgumentError(operation, 'data', { shape }, `images of the model's input, [${wanted.join(', ')}]`);
}

function imagesOf({ pixels, labels }: Batch, [height, width, channels]: ImageShape): Tensor {
  return tensor4d(pixels, [labels.length, height, width, channels]);
}

async function readOnce(values: Tensor): Promise<Float32Array> {
  try {
    return await values.data<'float32'>();
  } finally {
    dispose(values);
  }
}
