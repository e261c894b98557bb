/** DualConv (Zhong, Chen, Mian 2022) as a layer: a grouped KxK and a full 1x1 convolution of the same input, summed. */
import { connectionCount, groupedMacs } from '@hetconv/core';
import { add, conv2d, serialization, type Tensor } from '@tensorflow/tfjs-core';
import type { Shape } from '@tensorflow/tfjs-layers';
import type { LayerCosts } from '../costs/layer-costs.ts';
import { withFans } from '../initializers/with-fans.ts';
import { cropToAnchors } from '../ops/anchor-samples.ts';
import { groupedConv2d } from '../ops/grouped-conv2d.ts';
import { ConvolutionLayer, oneTensor } from './convolution-layer.ts';
import { type GroupedConv2DArgs, groupedFans, resolveGroups } from './grouped-conv2d.ts';
import type { LayerVariable } from './options.ts';
import { checkPart, type Part } from './part.ts';

/** The options of `tf.layers.conv2d`, and G. */
export type DualConv2DArgs = GroupedConv2DArgs;

/**
 * y = grouped KxK (G groups) + full 1x1, both sampled at the anchor of the window, so that the branches stay aligned under
 * every stride and padding. Unlike HetConv it multiplies the anchor of the own group twice.
 * Weights: `grouped` [kh, kw, M / G, N], `pointwise` [1, 1, M, N], `bias` [N]. Runs on stock tfjs ops.
 */
export class DualConv2D extends ConvolutionLayer {
  /** The name in saved models. */
  static readonly className = 'DualConv2D';

  readonly groups: Part;
  #grouped: LayerVariable | undefined;
  #pointwise: LayerVariable | undefined;

  /** @throws InvalidArgumentError */
  constructor(args: DualConv2DArgs) {
    super(args);
    serialization.registerClass(DualConv2D); // a layer that was made in this process can be loaded in it
    this.groups = checkPart(this.label, 'groups', args.groups);
  }

  override build(inputShape: Shape | Shape[]): void {
    const inChannels = this.fixInputChannels(inputShape);
    this.checkWindow(inputShape);
    const groups = resolveGroups(this.label, this.groups, inChannels, this.filters);
    const groupedShape = [...this.kernelSize, inChannels / groups, this.filters];
    const pointwiseShape = [1, 1, inChannels, this.filters];
    // Both branches meet in one output: its fan-in is the sum of theirs.
    const branch = groupedFans(groupedShape, groups);
    const real = { fanIn: branch.fanIn + inChannels, fanOut: branch.fanOut + this.filters };
    const { kernelInitializer: init, kernelRegularizer, kernelConstraint } = this;
    const kernel = (name: string, index: number, shape: number[]): LayerVariable => {
      const initializer = withFans(init, shape, real, { name, index });
      return this.addWeight(name, shape, 'float32', initializer, kernelRegularizer, true, kernelConstraint);
    };
    this.#grouped = kernel('grouped', 0, groupedShape);
    this.#pointwise = kernel('pointwise', 1, pointwiseShape);
    this.addBias();
    this.built = true;
  }

  override call(inputs: Tensor | Tensor[]): Tensor {
    return this.computeNhwc(oneTensor(this.label, inputs), (x) => {
      const groups = resolveGroups(this.label, this.groups, x.shape[3], this.filters);
      const spatial = groupedConv2d(x, this.kernelValue(this.#grouped), { groups, ...this.window });
      const anchors = cropToAnchors(x, { kernelSize: this.kernelSize, ...this.window });
      const strides: [number, number] = [...this.strides];
      return add(spatial, conv2d(anchors, this.kernelValue(this.#pointwise), strides, 'valid'));
    });
  }

  override layerCosts(inputShape: Shape): LayerCosts {
    const { inChannels, outHeight, outWidth } = this.sizesAt(inputShape);
    const outChannels = this.filters;
    const groups = resolveGroups(this.label, this.groups, inChannels, outChannels);
    const [kernelHeight, kernelWidth] = this.kernelSize;
    const positions = outHeight * outWidth;
    const grouped = { outHeight, outWidth, kernelHeight, kernelWidth, inChannels, outChannels, groups };
    const macs = groupedMacs(grouped) + positions * inChannels * outChannels;
    const taps = kernelHeight * kernelWidth;
    const weights = taps * connectionCount(inChannels, outChannels, groups) + inChannels * outChannels;
    return {
      macs,
      paperFlops: macs + 2 * positions * outChannels, // one operation an output of each of the two convolutions
      params: weights + (this.useBias ? outChannels : 0),
      isConvolution: true,
    };
  }

  override getConfig(): serialization.ConfigDict {
    return { ...super.getConfig(), groups: this.groups };
  }
}

/** {@link DualConv2D} as tf.layers makes its layers. */
export function dualConv2d(args: DualConv2DArgs): DualConv2D {
  return new DualConv2D(args);
}
