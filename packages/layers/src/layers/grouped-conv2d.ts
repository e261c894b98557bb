/** Grouped convolution as a layer, which tf.layers has not: the first half of the paper's GWC+PWC blocks. */
import { connectionCount, groupedMacs } from '@hetconv/core';
import { serialization, type Tensor } from '@tensorflow/tfjs-core';
import type { Shape } from '@tensorflow/tfjs-layers';
import type { LayerCosts } from '../costs/layer-costs.ts';
import type { Fans } from '../initializers/fans.ts';
import { withFans } from '../initializers/with-fans.ts';
import { checkGroups, groupedConv2d as groupedConv2dOp } from '../ops/grouped-conv2d.ts';
import { ConvolutionLayer, oneTensor } from './convolution-layer.ts';
import type { Conv2DArgs, LayerVariable } from './options.ts';
import { checkPart, type Part, resolvePart } from './part.ts';

/** The options of `tf.layers.conv2d`, and G. */
export interface GroupedConv2DArgs extends Conv2DArgs {
  /** G: a common divisor of the input channels and the filters, or 'channels' for G = M (depthwise). */
  groups: Part;
}

/**
 * Grouped convolution, contiguous groups as in PyTorch: filter n sees the M/G channels of group floor(n * G / N).
 * Weights: `kernel` [kh, kw, M / G, N], `bias` [N]. Runs on stock tfjs ops; like `tf.conv2d` it has no gradient
 * where dilationRate > 1.
 */
export class GroupedConv2D extends ConvolutionLayer {
  /** The name in saved models. */
  static readonly className = 'GroupedConv2D';

  readonly groups: Part;
  #kernel: LayerVariable | undefined;

  /** @throws InvalidArgumentError */
  constructor(args: GroupedConv2DArgs) {
    super(args);
    serialization.registerClass(GroupedConv2D); // a layer that was made in this process can be loaded in it
    this.groups = checkPart(this.label, 'groups', args.groups);
  }

  override build(inputShape: Shape | Shape[]): void {
    const inChannels = this.fixInputChannels(inputShape);
    this.checkWindow(inputShape);
    const groups = resolveGroups(this.label, this.groups, inChannels, this.filters);
    const shape = [...this.kernelSize, inChannels / groups, this.filters];
    const initializer = withFans(this.kernelInitializer, shape, groupedFans(shape, groups));
    const { kernelRegularizer, kernelConstraint } = this;
    this.#kernel = this.addWeight('kernel', shape, 'float32', initializer, kernelRegularizer, true, kernelConstraint);
    this.addBias();
    this.built = true;
  }

  override call(inputs: Tensor | Tensor[]): Tensor {
    return this.computeNhwc(oneTensor(this.label, inputs), (x) => {
      const groups = resolveGroups(this.label, this.groups, x.shape[3], this.filters);
      return groupedConv2dOp(x, this.kernelValue(this.#kernel), { groups, ...this.window });
    });
  }

  override layerCosts(inputShape: Shape): LayerCosts {
    const { inChannels, outHeight, outWidth } = this.sizesAt(inputShape);
    const groups = resolveGroups(this.label, this.groups, inChannels, this.filters);
    const [kernelHeight, kernelWidth] = this.kernelSize;
    const sizes = { outHeight, outWidth, kernelHeight, kernelWidth, inChannels, outChannels: this.filters, groups };
    const macs = groupedMacs(sizes);
    const bias = this.useBias ? this.filters : 0;
    return {
      macs,
      paperFlops: macs + outHeight * outWidth * this.filters,
      params: kernelHeight * kernelWidth * connectionCount(inChannels, this.filters, groups) + bias,
      isConvolution: true,
    };
  }

  override getConfig(): serialization.ConfigDict {
    return { ...super.getConfig(), groups: this.groups };
  }
}

/** {@link GroupedConv2D} as tf.layers makes its layers. */
export function groupedConv2d(args: GroupedConv2DArgs): GroupedConv2D {
  return new GroupedConv2D(args);
}

/** G on an input of so many channels. @throws InvalidArgumentError where it does not divide the channels */
export function resolveGroups(operation: string, groups: Part, inChannels: number, filters: number): number {
  const count = resolvePart(operation, groups, inChannels);
  checkGroups(operation, count, inChannels, filters);
  return count;
}

/** Fans of a kernel [kh, kw, M / G, N]: an input feeds N / G filters, not N. */
export function groupedFans(shape: readonly number[], groups: number): Fans {
  const [kernelHeight, kernelWidth, depth, filters] = shape;
  const taps = kernelHeight * kernelWidth;
  return { fanIn: taps * depth, fanOut: (taps * filters) / groups };
}
