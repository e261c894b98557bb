/**
 * Multiply-adds of the layers of tf.layers. The table is closed: a layer with weights that it does not know is an error,
 * never a silent 0.
 *
 * Counted are the products of weights with activations. Not counted, as usual in the literature: normalisation, activations,
 * pooling, sums of branches, products of two activations (`dot`, `multiply`), and the additions of biases.
 */
import { UnsupportedError } from '@hetconv/core';
import type { layers, Shape } from '@tensorflow/tfjs-layers';
import type { LayerCosts } from './layer-costs.ts';

/** Counts one application of a layer from its weights and shapes. */
type Rule = (layer: layers.Layer, inputShape: Shape, outputShape: Shape) => Omit<LayerCosts, 'params'>;

/** Every weight of the kernel is used once at every output position. */
const convolution: Rule = (layer, _, outputShape) => {
  const kernel = kernelOf(layer, 'kernel');
  const outputs = sizeOf(layer, outputShape);
  const macs = (outputs / kernel[kernel.length - 1]) * product(kernel);
  return { macs, paperFlops: macs + outputs, isConvolution: true };
};

/** Every weight of the kernel is used once at every input position; kernel [...window, out, in]. */
const transposedConvolution: Rule = (layer, inputShape, outputShape) => {
  const kernel = kernelOf(layer, 'kernel');
  const macs = (sizeOf(layer, inputShape) / kernel[kernel.length - 1]) * product(kernel);
  return { macs, paperFlops: macs + sizeOf(layer, outputShape), isConvolution: true };
};

/** Kernel [kh, kw, M, multiplier]: the window at every output value. */
const depthwiseConvolution: Rule = (layer, _, outputShape) => {
  const [kernelHeight, kernelWidth] = kernelOf(layer, 'depthwise_kernel');
  const outputs = sizeOf(layer, outputShape);
  const macs = outputs * kernelHeight * kernelWidth;
  return { macs, paperFlops: macs + outputs, isConvolution: true };
};

/** A depthwise convolution and a 1x1 after it, both at every output position. */
const separableConvolution: Rule = (layer, _, outputShape) => {
  const [depthwise, pointwise] = [kernelOf(layer, 'depthwise_kernel'), kernelOf(layer, 'pointwise_kernel')];
  const [inner, filters] = pointwise.slice(-2);
  const positions = sizeOf(layer, outputShape) / filters;
  const macs = positions * (product(depthwise) + product(pointwise));
  return { macs, paperFlops: macs + positions * (inner + filters), isConvolution: true };
};

/** The paper adds its dense layers without their biases: 512*512 + 512*10. */
const dense: Rule = (layer, _, outputShape) => {
  const [inputs] = kernelOf(layer, 'kernel');
  const macs = sizeOf(layer, outputShape) * inputs;
  return { macs, paperFlops: macs, isConvolution: false };
};

const free: Rule = () => ({ macs: 0, paperFlops: 0, isConvolution: false });

const RULES: Readonly<Record<string, Rule>> = {
  Conv1D: convolution,
  Conv2D: convolution,
  Conv3D: convolution,
  Conv2DTranspose: transposedConvolution,
  Conv3DTranspose: transposedConvolution,
  DepthwiseConv2D: depthwiseConvolution,
  SeparableConv2D: separableConvolution,
  Dense: dense,
  BatchNormalization: free,
  LayerNormalization: free,
  PReLU: free,
  Embedding: free, // a look-up
};

/** @throws UnsupportedError where the layer has weights and is not in the table */
export function stockLayerCosts(layer: layers.Layer, inputShape: Shape, outputShape: Shape): LayerCosts {
  const rule = RULES[layer.getClassName()] ?? (layer.weights.length === 0 ? free : undefined);
  if (rule === undefined) {
    throw new UnsupportedError(
      `Costs of layer '${layer.name}': nothing is known about the class ${layer.getClassName()}. ` +
        `Give it a method layerCosts(inputShape) (interface CostedLayer of @hetconv/layers).`,
    );
  }
  return { ...rule(layer, inputShape, outputShape), params: layer.countParams() };
}

function kernelOf(layer: layers.Layer, name: string): number[] {
  const kernel = layer.weights.find((weight) => weight.originalName.split('/').at(-1) === name);
  if (kernel === undefined) throw new UnsupportedError(`Costs of layer '${layer.name}': it has no weight '${name}'.`);
  return kernel.shape as number[];
}

/** Values of one image. */
function sizeOf(layer: layers.Layer, shape: Shape): number {
  const sizes = shape.slice(1);
  if (sizes.includes(null)) {
    throw new UnsupportedError(
      `Costs of layer '${layer.name}': the shape [${shape.map((size) => size ?? '?').join(', ')}] has unknown sizes. ` +
        `Pass the option inputShape, with a known height and width.`,
    );
  }
  return product(sizes as number[]);
}

function product(sizes: readonly number[]): number {
  return sizes.reduce((result, size) => result * size, 1);
}
