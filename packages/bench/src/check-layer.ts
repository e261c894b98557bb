/** Is the layer right before it is timed? HetConv against the backend's own dense convolution with the masked filter. */
import { errorRatio, filterWeightCount, fused, toDense } from '@hetconv/core';
import * as tf from '@tensorflow/tfjs-core';
import type { Layer, Subject } from './layer-contenders.ts';

/**
 * Both sides are float32, so they may differ by twice the bound of one: 2 * (n + 2) * u * sum|x*w|.
 *
 * @returns the worst difference in units of u * sum|x*w|
 * @throws Error naming the worst element's difference and bound
 */
export async function checkAgainstDense(layer: Layer, subject: Subject): Promise<number> {
  const { plan, pointwise, spatial } = subject;
  const { x, bias, stride } = layer;
  const kernelSize = [plan.kernelHeight, plan.kernelWidth] as const;
  const part = plan.part;
  const outputs = tf.tidy(() => {
    const filter = toDense(pointwise, spatial, { part, kernelSize });
    return {
      hetConv: fused.hetConv2d({
        x,
        pointwise,
        spatial,
        bias,
        activation: 'relu',
        part,
        kernelSize,
        strides: stride,
        pad: 'same',
      }),
      stock: tf.fused.conv2d({ x, filter, bias, activation: 'relu', strides: stride, pad: 'same' }),
      magnitude: tf.add(tf.conv2d(tf.abs(x), tf.abs(filter), stride, 'same'), tf.abs(bias)),
    };
  });
  const [actual, expected, magnitude] = await Promise.all([
    outputs.hetConv.data(),
    outputs.stock.data(),
    outputs.magnitude.data(),
  ]);
  tf.dispose([outputs.hetConv, outputs.stock, outputs.magnitude]);
  let worst = 0;
  for (let i = 0; i < actual.length; i++) {
    const ratio = errorRatio(Math.abs(actual[i] - expected[i]), magnitude[i]);
    const terms = filterWeightCount(plan, i % plan.outChannels);
    if (!(ratio <= 2 * (terms + 2))) {
      throw new Error(
        `HetConv P=${part} is wrong on ${tf.getBackend()}: element ${i} is ${actual[i]}, the masked dense convolution ` +
          `gives ${expected[i]}; they may differ by ${2 * (terms + 2)} u*sum|x*w| and differ by ${ratio}.`,
      );
    }
    worst = Math.max(worst, ratio);
  }
  return worst;
}
