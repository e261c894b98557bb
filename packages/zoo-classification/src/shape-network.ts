/** Reads an architecture with shapes instead of tensors: finds the convolutions that a kind replaces, makes no weights. */
import type { Architecture, ConvWindow, ImageShape, Network } from './architecture.ts';

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
  architecture.features<readonly number[]>(net, inputShape);
  return net.replaced;
}

/** Shapes are those of one image: `[height, width, channels]` or, flattened, `[values]`. */
class ShapeNetwork implements Network<readonly number[]> {
  readonly replaced: ReplacedConv[] = [];

  stem(x: readonly number[], _name: string, { filters, strides = 1 }: ConvWindow): readonly number[] {
    return [...samePadded(x, strides), filters];
  }

  conv(x: readonly number[], name: string, window: ConvWindow): readonly number[] {
    const { filters, kernelSize = 3, strides = 1 } = window;
    const [height, width, channels] = x;
    if (kernelSize > 1) {
      this.replaced.push({ name, inputShape: [height, width, channels], filters, kernelSize, strides });
    }
    return [...samePadded(x, strides), filters];
  }

  excite(x: readonly number[]): readonly number[] {
    return x;
  }

  maxPool(
    x: readonly number[],
    _name: string,
    pool: { size: number; strides?: number; padding?: 'same' | 'valid' },
  ): readonly number[] {
    const { size, strides = size, padding = 'valid' } = pool;
    if (padding === 'same') return [...samePadded(x, strides), x[2]];
    const [rows, cols] = x.map((side) => Math.floor((side - size) / strides) + 1);
    return [rows, cols, x[2]];
  }

  sample(
    x: readonly number[],
    _name: string,
    { filters, strides }: { filters: number; strides: number },
  ): readonly number[] {
    return [...samePadded(x, strides), filters];
  }

  join(branch: readonly number[]): readonly number[] {
    return branch;
  }

  averagePool(x: readonly number[]): readonly number[] {
    return x.slice(-1);
  }

  flatten(x: readonly number[]): readonly number[] {
    return [x.reduce((product, side) => product * side, 1)];
  }

  dense(_x: readonly number[], _name: string, { units }: { units: number }): readonly number[] {
    return [units];
  }

  channels(x: readonly number[]): number {
    return x[x.length - 1];
  }
}

function samePadded([height, width]: readonly number[], strides: number): [number, number] {
  return [Math.ceil(height / strides), Math.ceil(width / strides)];
}
