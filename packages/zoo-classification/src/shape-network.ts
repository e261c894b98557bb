/** Reads an architecture with shapes instead of tensors: finds the convolutions that a kind replaces, makes no weights. */
import type { Architecture, ConvWindow, DenseLayer, ImageShape, Network, PoolWindow } from './architecture.ts';

/** A KxK convolution that the kind of the network replaces; all but the first one are. */
export interface ReplacedConv {
  readonly name: string;
  readonly inputShape: ImageShape;
  readonly filters: number;
  readonly kernelSize: number;
  readonly strides: number;
}

/** In the order of computation. */
export function replacedConvs(architecture: Architecture, inputShape: ImageShape): ReplacedConv[] {
  const net = new ShapeNetwork();
  architecture.features<Shape>(net, inputShape);
  return net.replaced;
}

/** Of one image: `[height, width, channels]` or, flattened, `[values]`. */
type Shape = readonly number[];

class ShapeNetwork implements Network<Shape> {
  readonly replaced: ReplacedConv[] = [];

  stem(x: Shape, _name: string, { filters, strides = 1 }: ConvWindow): Shape {
    return [...samePadded(x, strides), filters];
  }

  conv(x: Shape, name: string, window: ConvWindow): Shape {
    const { filters, kernelSize = 3, strides = 1 } = window;
    const [height, width, channels] = x;
    if (kernelSize > 1) {
      this.replaced.push({ name, inputShape: [height, width, channels], filters, kernelSize, strides });
    }
    return [...samePadded(x, strides), filters];
  }

  excite(x: Shape): Shape {
    return x;
  }

  maxPool(x: Shape, _name: string, window: PoolWindow): Shape {
    const { size, strides = size, padding = 'valid' } = window;
    if (padding === 'same') return [...samePadded(x, strides), x[2]];
    const [rows, cols] = x.map((side) => Math.floor((side - size) / strides) + 1);
    return [rows, cols, x[2]];
  }

  sample(x: Shape, _name: string, { filters, strides = 1 }: ConvWindow): Shape {
    return [...samePadded(x, strides), filters];
  }

  join(branch: Shape): Shape {
    return branch;
  }

  averagePool(x: Shape): Shape {
    return x.slice(-1);
  }

  flatten(x: Shape): Shape {
    return [x.reduce((product, side) => product * side, 1)];
  }

  dense(_x: Shape, _name: string, { units }: DenseLayer): Shape {
    return [units];
  }

  channels(x: Shape): number {
    return x[x.length - 1];
  }
}

function samePadded([height, width]: Shape, strides: number): [number, number] {
  return [Math.ceil(height / strides), Math.ceil(width / strides)];
}
