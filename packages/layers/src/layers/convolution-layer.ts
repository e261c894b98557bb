/**
 * What the convolution layers of this package share with `tf.layers.conv2d`: its options, output shapes, configuration,
 * bias and activation. Not a layer by itself: subclasses bring the kernels and the sum.
 */
import { InvalidArgumentError, requirePair, UnsupportedError } from '@hetconv/core';
import { add, type serialization, type Tensor, type Tensor4D, tidy, transpose } from '@tensorflow/tfjs-core';
import { InputSpec, layers, type Shape } from '@tensorflow/tfjs-layers';
import type { CostedLayer, LayerCosts } from '../costs/layer-costs.ts';
import type {
  Activation,
  Constraint,
  Conv2DArgs,
  Initializer,
  LayerVariable,
  Regularizer,
  StockConv2D,
} from './options.ts';

type Sides = readonly [number, number];

/** Channels and output positions of a layer at one input shape. */
export interface ConvolutionSizes {
  readonly inChannels: number;
  readonly outHeight: number;
  readonly outWidth: number;
}

/** A convolution with the options of `tf.layers.conv2d`. */
export abstract class ConvolutionLayer extends layers.Layer implements CostedLayer {
  readonly filters: number;
  readonly kernelSize: Sides;
  readonly strides: Sides;
  readonly padding: 'same' | 'valid';
  readonly dataFormat: 'channelsFirst' | 'channelsLast';
  readonly dilationRate: Sides;
  readonly useBias: boolean;
  /** Set by `build` where `useBias`. */
  protected bias: LayerVariable | undefined;
  /** Never built, in no model: it resolves and serialises the options that are those of the stock layer. */
  readonly #stock: StockConv2D;

  /** @throws InvalidArgumentError */
  constructor(args: Conv2DArgs) {
    super(args);
    const operation = this.label;
    if (!Number.isInteger(args.filters) || args.filters < 1) {
      throw new InvalidArgumentError(operation, 'filters', args.filters, 'a positive integer');
    }
    this.filters = args.filters;
    this.kernelSize = sides(operation, 'kernelSize', args.kernelSize);
    this.strides = sides(operation, 'strides', args.strides ?? 1);
    this.dilationRate = sides(operation, 'dilationRate', args.dilationRate ?? 1);
    if (Math.max(...this.strides) > 1 && Math.max(...this.dilationRate) > 1) {
      const got = { strides: this.strides, dilationRate: this.dilationRate };
      throw new InvalidArgumentError(operation, 'strides', got, '1 where dilationRate > 1, and the other way round');
    }
    const padding = args.padding ?? 'valid';
    if (padding !== 'same' && padding !== 'valid') {
      throw new InvalidArgumentError(operation, 'padding', padding, "'same' or 'valid'");
    }
    this.padding = padding;
    const dataFormat = args.dataFormat ?? 'channelsLast';
    if (dataFormat !== 'channelsFirst' && dataFormat !== 'channelsLast') {
      throw new InvalidArgumentError(operation, 'dataFormat', dataFormat, "'channelsFirst' or 'channelsLast'");
    }
    this.dataFormat = dataFormat;
    this.useBias = args.useBias ?? true;
    this.#stock = layers.conv2d({ ...args, name: this.name });
    this.activityRegularizer = this.#stock.activityRegularizer;
    this.inputSpec = [new InputSpec({ ndim: 4 })];
  }

  /** @throws InvalidArgumentError where the input does not fit the options of the layer */
  abstract override build(inputShape: Shape | Shape[]): void;

  /** Unknown (null) sizes stay unknown. */
  override computeOutputShape(inputShape: Shape | Shape[]): Shape {
    return this.#stock.computeOutputShape(oneShape(inputShape)) as Shape;
  }

  abstract layerCosts(inputShape: Shape): LayerCosts;

  override getConfig(): serialization.ConfigDict {
    return { ...this.#stock.getConfig(), ...super.getConfig() };
  }

  /** @throws InvalidArgumentError where the window is larger than an input of known size */
  protected checkWindow(inputShape: Shape | Shape[]): void {
    const shape = oneShape(inputShape);
    const [, ...sizes] = this.computeOutputShape(shape);
    if (sizes.every((size) => size == null || size >= 1)) return;
    const got = { kernelSize: this.kernelSize, dilationRate: this.dilationRate, inputShape: shape };
    throw new InvalidArgumentError(this.label, 'kernelSize', got, "no larger than the input under 'valid'");
  }

  protected get activation(): Activation {
    return this.#stock['activation'];
  }

  protected get kernelInitializer(): Initializer {
    return this.#stock['kernelInitializer'] as Initializer; // the constructor sets it
  }

  protected get kernelRegularizer(): Regularizer | undefined {
    return this.#stock['kernelRegularizer'] ?? undefined;
  }

  protected get kernelConstraint(): Constraint | undefined {
    return this.#stock['kernelConstraint'] ?? undefined;
  }

  /** The known number of input channels, which is fixed from now on. */
  protected fixInputChannels(inputShape: Shape | Shape[]): number {
    const inChannels = this.inputChannels(oneShape(inputShape));
    this.inputSpec = [new InputSpec({ ndim: 4, axes: { [this.channelAxis]: inChannels } })];
    return inChannels;
  }

  protected inputChannels(inputShape: Shape): number {
    const inChannels = inputShape[this.channelAxis];
    if (inputShape.length !== 4 || inChannels == null) {
      const rule = `of rank 4 with a known number of channels on axis ${this.channelAxis}`;
      throw new InvalidArgumentError(this.label, 'inputShape', inputShape, rule);
    }
    return inChannels;
  }

  protected addBias(): void {
    const stock = this.#stock;
    if (!this.useBias) return;
    this.bias = this.addWeight(
      'bias',
      [this.filters],
      'float32',
      stock['biasInitializer'],
      stock['biasRegularizer'],
      true,
      stock['biasConstraint'],
    );
  }

  /** The layer as errors name it. */
  protected get label(): string {
    return `${this.getClassName()} '${this.name}'`;
  }

  /** The value of a kernel. @throws UnsupportedError before `build` */
  protected kernelValue(kernel: LayerVariable | undefined): Tensor4D {
    if (kernel === undefined) throw new UnsupportedError(`${this.label} is not built: it has no weights yet.`);
    return kernel.read() as Tensor4D;
  }

  /** How the window moves, in the words of tfjs-core. */
  protected get window(): { strides: Sides; pad: 'same' | 'valid'; dilations: Sides } {
    return { strides: this.strides, pad: this.padding, dilations: this.dilationRate };
  }

  /** activation(sum(x) + bias), for a sum that is made of stock ops and takes and gives NHWC. */
  protected computeNhwc(input: Tensor4D, sum: (x: Tensor4D) => Tensor4D): Tensor {
    return tidy(() => {
      const isNchw = this.dataFormat === 'channelsFirst';
      const products = sum(isNchw ? transpose(input, [0, 2, 3, 1]) : input);
      const y = this.bias === undefined ? products : add<Tensor4D>(products, this.bias.read());
      return this.activation.apply(isNchw ? transpose(y, [0, 3, 1, 2]) : y);
    });
  }

  /** @throws InvalidArgumentError where a size is unknown */
  protected sizesAt(inputShape: Shape): ConvolutionSizes {
    const outputShape = this.computeOutputShape(inputShape);
    const [outHeight, outWidth] = this.dataFormat === 'channelsFirst' ? outputShape.slice(2) : outputShape.slice(1);
    if (outHeight == null || outWidth == null) {
      throw new InvalidArgumentError(this.label, 'inputShape', inputShape, 'known in height and width');
    }
    return { inChannels: this.inputChannels(inputShape), outHeight, outWidth };
  }

  private get channelAxis(): number {
    return this.dataFormat === 'channelsFirst' ? 1 : 3;
  }
}

/** The one tensor of a layer with one input. */
export function oneTensor(operation: string, inputs: Tensor | Tensor[]): Tensor4D {
  const [x, ...others] = Array.isArray(inputs) ? inputs : [inputs];
  if (others.length > 0) {
    throw new InvalidArgumentError(operation, 'inputs', `${others.length + 1} tensors`, 'one tensor');
  }
  return x as Tensor4D; // inputSpec asks for rank 4
}

function oneShape(inputShape: Shape | Shape[]): Shape {
  return (Array.isArray(inputShape[0]) ? inputShape[0] : inputShape) as Shape;
}

function sides(operation: string, argument: string, value: number | number[]): Sides {
  const pair = Array.isArray(value) && value.length === 1 ? value[0] : value;
  return requirePair(operation, argument, pair as number | [number, number]);
}
