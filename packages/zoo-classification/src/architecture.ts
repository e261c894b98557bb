/**
 * What an architecture says about itself, and the words it says it in. It is written once, over tensors of a type X that it knows
 * nothing about: planning reads it with shapes (shape-network.ts), building with tensors (tensor-network.ts). No weights here.
 */

/** `[height, width, channels]` of one image. */
export type ImageShape = readonly [height: number, width: number, channels: number];

/** A network up to, and without, its classifier. */
export interface Architecture {
  /** Architecture and head, e.g. 'resnet56-cifar'. */
  readonly name: string;
  /** For people, e.g. 'ResNet-56 for CIFAR'. */
  readonly title: string;
  /** What the network was designed for, and the default. */
  readonly inputShape: ImageShape;
  readonly classes: number;
  /** The smallest height and width that leave a pixel of its own at the end: the product of all strides. */
  readonly leastSize: number;
  /** r of its squeeze-and-excitation blocks. Absent: it has none. */
  readonly reduction?: number;
  /** From an image to the vector that is classified. */
  readonly features: <X>(net: Network<X>, image: X) => X;
}

/** How a convolution moves; the padding is 'same'. */
export interface ConvWindow {
  readonly filters: number;
  /** Default 3. */
  readonly kernelSize?: number;
  /** Default 1. */
  readonly strides?: number;
  /** Whether ReLU follows the normalisation. Default true. */
  readonly relu?: boolean;
  /** Whether the two convolutions of a pair (gwc-pwc, dwc-pwc) have normalisation and ReLU between them. Default false. */
  readonly normalizedPair?: boolean;
}

/** Max pooling over `size` x `size` pixels. */
export interface PoolWindow {
  readonly size: number;
  /** Default: the size. */
  readonly strides?: number;
  /** Default 'valid'. */
  readonly padding?: 'same' | 'valid';
}

/** A hidden dense layer. */
export interface DenseLayer {
  readonly units: number;
  /** The share of its outputs that training leaves out. Default: none. */
  readonly dropout?: number;
}

/** The words of an architecture. Names are those of the layers; a layer's initial weights depend on its name. */
export interface Network<X> {
  /** The first convolution: standard in every kind, then normalisation and ReLU. */
  stem(x: X, name: string, window: ConvWindow): X;
  /** A convolution of the network's kind (1x1: standard in every kind), then normalisation and ReLU. */
  conv(x: X, name: string, window: ConvWindow): X;
  /** Squeeze-and-excitation where the network has it, else x itself. */
  excite(x: X, name: string): X;
  maxPool(x: X, name: string, window: PoolWindow): X;
  /** Every stride-th pixel, and zeros for new channels: the shortcut without parameters (option A of He et al.). */
  sample(x: X, name: string, window: ConvWindow): X;
  /** relu(branch + shortcut) */
  join(branch: X, shortcut: X, name: string): X;
  /** The mean of each channel. */
  averagePool(x: X, name: string): X;
  flatten(x: X, name: string): X;
  /** A dense layer with ReLU. */
  dense(x: X, name: string, layer: DenseLayer): X;
  channels(x: X): number;
}

/**
 * The same network with squeeze-and-excitation blocks (Hu et al., CVPR 2018), named `se-...`.
 *
 * @param reduction r: their hidden layer has channels / r units. Default 16, that of the source, on CIFAR too
 */
export function withSqueezeExcitation(architecture: Architecture, reduction = 16): Architecture {
  const { name, title, inputShape, classes, leastSize, features } = architecture;
  const named = architecture.reduction === undefined ? { name: `se-${name}`, title: `SE-${title}` } : { name, title };
  return { ...named, inputShape, classes, leastSize, reduction, features };
}
