/** HetConv as a layer: `tf.layers.conv2d` with one more option, `part`. */
import {
  type Activation as FusedActivation,
  denseShape,
  fans,
  fromDense,
  fused,
  hetConvMacs,
  type HetConvWeights,
  paperHetConvFlops,
  pointwiseShape,
  spatialShape,
  weightCount,
  type WeightLayout,
} from '@hetconv/core';
import { serialization, type Tensor, type Tensor3D, type Tensor4D, tensor, tidy, zeros } from '@tensorflow/tfjs-core';
import type { Shape } from '@tensorflow/tfjs-layers';
import type { LayerCosts } from '../costs/layer-costs.ts';
import { SeededVarianceScaling } from '../initializers/seeded.ts';
import { DrawnElsewhere } from '../initializers/stock.ts';
import { withFans } from '../initializers/with-fans.ts';
import { ConvolutionLayer, oneTensor } from './convolution-layer.ts';
import type { Conv2DArgs, LayerVariable } from './options.ts';
import { checkPart, type Part, resolvePart } from './part.ts';
import { projectDense } from './project.ts';
import { regularizeSpatial, SpatialConstraint } from './spatial-weights.ts';

/** The options of `tf.layers.conv2d`, and P. */
export interface HetConv2DArgs extends Conv2DArgs {
  /** P: an integer from 1 (standard convolution) to the number of input channels, or 'channels' for P = M. */
  part: Part;
}

/** The activations of tf.layers that the fused kernel computes; the others run after it. */
const FUSED: readonly string[] = ['linear', 'relu', 'relu6', 'elu', 'sigmoid'] satisfies FusedActivation[];

/**
 * Heterogeneous-kernel convolution (Singh et al., CVPR 2019) for tf.layers.
 *
 * Weights: `pointwise` [1, 1, M, N], `spatial` [T, ceil(M/P), N] (absent for a 1x1 kernel, T = 0), `bias` [N].
 * - Initialisers see the dense shape [kh, kw, M, N]; what they draw is projected onto the weights that exist. Those of the
 *   VarianceScaling family (glorot, he, lecun) scale with the number of real weights, not with K*K*M.
 * - Regularisers act on both kernels. Constraints act on each kernel alone, `spatial` as [T, 1, ceil(M/P), N]; like every
 *   constraint in tfjs 4.22 they apply when weights are set, not in `fit`.
 * - Where P does not divide M, the entries of `spatial` that are no weights are 0 and stay 0.
 */
export class HetConv2D extends ConvolutionLayer {
  /** The name in saved models. */
  static readonly className = 'HetConv2D';

  readonly part: Part;
  #pointwise: LayerVariable | undefined;
  #spatial: LayerVariable | undefined;

  /** @throws InvalidArgumentError */
  constructor(args: HetConv2DArgs) {
    super(args);
    serialization.registerClass(HetConv2D); // a layer that was made in this process can be loaded in it
    this.part = checkPart(this.label, 'part', args.part);
  }

  override build(inputShape: Shape | Shape[]): void {
    const layout = this.layout(this.fixInputChannels(inputShape));
    this.checkWindow(inputShape);
    const regularizer = this.kernelRegularizer;
    const constraint = this.kernelConstraint;
    // One dense draw fills both weights; a model that is being loaded replaces both initialisers and draws nothing.
    let drawn: HetConvWeights | undefined;
    const half = (name: keyof HetConvWeights): DrawnElsewhere =>
      new DrawnElsewhere(() => (drawn ??= this.draw(layout))[name]);

    const [kernel, ring] = [pointwiseShape(layout), spatialShape(layout)];
    this.#pointwise = this.addWeight('pointwise', kernel, 'float32', half('pointwise'), regularizer, true, constraint);
    if (hasSpatial(layout)) {
      const bound = constraint && new SpatialConstraint(constraint, layout);
      const spatial = this.addWeight('spatial', ring, 'float32', half('spatial'), undefined, true, bound);
      if (regularizer) this.addLoss(() => regularizeSpatial(regularizer, spatial.read() as Tensor3D, layout));
      this.#spatial = spatial;
    } else {
      drawn?.spatial.dispose();
    }
    this.addBias();
    this.built = true;
  }

  override call(inputs: Tensor | Tensor[]): Tensor {
    return tidy(() => {
      const x = oneTensor(this.label, inputs);
      const { pointwise, spatial } = this.kernels();
      const activation = this.activation.getClassName();
      const fuses = isFused(activation);
      const y = fused.hetConv2d<Tensor4D>({
        x,
        pointwise,
        spatial,
        part: this.partAt(pointwise.shape[2]),
        kernelSize: this.kernelSize,
        ...this.window,
        dataFormat: this.dataFormat === 'channelsFirst' ? 'NCHW' : 'NHWC',
        ...(this.bias && { bias: this.bias.read() }),
        activation: fuses ? activation : 'linear',
      });
      return fuses ? y : this.activation.apply(y);
    });
  }

  /**
   * The weights as the ops of core take them: the layer's own tensors, not to be disposed. For a 1x1 kernel `spatial` is a
   * new, empty tensor: call it in `tf.tidy`.
   */
  kernels(): HetConvWeights {
    const pointwise = this.kernelValue(this.#pointwise);
    const empty = (): Tensor3D => zeros(spatialShape(this.layout(pointwise.shape[2])));
    return { pointwise, spatial: (this.#spatial?.read() as Tensor3D | undefined) ?? empty() };
  }

  /** P on an input of so many channels. */
  partAt(inChannels: number): number {
    return resolvePart(this.label, this.part, inChannels);
  }

  override layerCosts(inputShape: Shape): LayerCosts {
    const { inChannels, ...out } = this.sizesAt(inputShape);
    const layout = this.layout(inChannels);
    return {
      macs: hetConvMacs({ ...layout, ...out }),
      paperFlops: paperHetConvFlops({ ...layout, ...out }),
      params: weightCount(layout) + (this.useBias ? this.filters : 0),
      isConvolution: true,
    };
  }

  override getConfig(): serialization.ConfigDict {
    return { ...super.getConfig(), part: this.part };
  }

  private layout(inChannels: number): WeightLayout {
    const [kernelHeight, kernelWidth] = this.kernelSize;
    return { kernelHeight, kernelWidth, inChannels, outChannels: this.filters, part: this.partAt(inChannels) };
  }

  private draw(layout: WeightLayout): HetConvWeights {
    const shape = denseShape(layout);
    const initializer = withFans(this.kernelInitializer, shape, fans(layout));
    if (initializer instanceof SeededVarianceScaling) {
      const { pointwise, spatial } = projectDense(initializer.draw(shape), layout);
      return { pointwise: tensor(pointwise, pointwiseShape(layout)), spatial: tensor(spatial, spatialShape(layout)) };
    }
    return tidy(() => ({ ...fromDense(initializer.apply(shape, 'float32') as Tensor4D, { part: layout.part }) }));
  }
}

/** {@link HetConv2D} as tf.layers makes its layers: `hetConv2d({ filters: 64, kernelSize: 3, part: 4 })`. */
export function hetConv2d(args: HetConv2DArgs): HetConv2D {
  return new HetConv2D(args);
}

function hasSpatial(layout: WeightLayout): boolean {
  return layout.kernelHeight * layout.kernelWidth > 1;
}

function isFused(activation: string): activation is FusedActivation {
  return FUSED.includes(activation);
}
