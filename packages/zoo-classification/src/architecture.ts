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
  features<X>(net: Network<X>, image: X): X;
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

/** The words of an architecture. Names are those of the layers; a layer's initial weights depend on its name. */
export interface Network<X> {
  /** The first convolution: standard in every kind, then normalisation and ReLU. */
  stem(x: X, name: string, window: ConvWindow): X;
  /** A convolution of the network's kind (1x1: standard in every kind), then normalisation and ReLU. */
  conv(x: X, name: string, window: ConvWindow): X;
  /** Squeeze-and-excitation where the network has it, else x itself. */
  excite(x: X, name: string): X;
  /** `size` x `size` max pooling; default padding 'valid', strides as the size. */
  maxPool(x: X, name: string, pool: { size: number; strides?: number; padding?: 'same' | 'valid' }): X;
  /** Every stride-th pixel, and zeros for new channels: the shortcut without parameters (option A of He et al.). */
  sample(x: X, name: string, window: { filters: number; strides: number }): X;
  /** relu(branch + shortcut) */
  join(branch: X, shortcut: X, name: string): X;
  /** The mean of each channel. */
  averagePool(x: X, name: string): X;
  flatten(x: X, name: string): X;
  /** A hidden dense layer with ReLU; `dropout` is the share of its outputs that training leaves out. */
  dense(x: X, name: string, layer: { units: number; dropout?: number }): X;
  channels(x: X): number;
}

/**
 * The same network with squeeze-and-excitation blocks (Hu et al., CVPR 2018), named `se-...`.
 *
 * @param reduction r: their hidden layer has channels / r units. Default 16, that of the source, on CIFAR too
 */
export function withSqueezeExcitation(architecture: Architecture, reduction = 16): Architecture {
  const { name, title } = architecture;
  return { ...architecture, name: `se-${name}`, title: `SE-${title}`, reduction };
}
