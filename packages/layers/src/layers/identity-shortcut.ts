/**
 * The shortcut of a residual network where the shape changes, without parameters: every stride-th pixel, and zeros for the
 * channels that are new (option A of He et al., CVPR 2016, sections 3.3 and 4.2).
 */
import { InvalidArgumentError } from '@hetconv/core';
import { pad, reshape, serialization, slice, type Tensor, type Tensor4D, tidy } from '@tensorflow/tfjs-core';
import { InputSpec, layers, type Shape } from '@tensorflow/tfjs-layers';
import { oneTensor } from './convolution-layer.ts';

type LayerArgs = NonNullable<ConstructorParameters<typeof layers.Layer>[0]>;

export interface IdentityShortcutArgs extends LayerArgs {
  /** Output channels; those behind the input's are 0. */
  filters: number;
  /** Default 1. Keeps rows and columns 0, strides, 2 * strides, ... */
  strides?: number;
}

/** `[batch, height, width, M]` to `[batch, ceil(height / strides), ceil(width / strides), filters]`; no weights. */
export class IdentityShortcut extends layers.Layer {
  /** The name in saved models. */
  static readonly className = 'IdentityShortcut';

  readonly filters: number;
  readonly strides: number;

  /** @throws InvalidArgumentError */
  constructor(args: IdentityShortcutArgs) {
    super(args);
    serialization.registerClass(IdentityShortcut); // a layer that was made in this process can be loaded in it
    const { filters, strides = 1 } = args;
    for (const [argument, value] of Object.entries({ filters, strides })) {
      if (!Number.isInteger(value) || value < 1) {
        throw new InvalidArgumentError('IdentityShortcut', argument, value, 'a positive integer');
      }
    }
    this.filters = filters;
    this.strides = strides;
    this.inputSpec = [new InputSpec({ ndim: 4 })];
  }

  override build(inputShape: Shape | Shape[]): void {
    const inChannels = (inputShape as Shape)[3];
    if (inChannels == null || inChannels > this.filters) {
      const rule = `of at most ${this.filters} channels, the filters of the layer`;
      throw new InvalidArgumentError('IdentityShortcut', 'inputShape', inputShape, rule);
    }
    this.built = true;
  }

  override call(inputs: Tensor | Tensor[]): Tensor {
    return tidy(() => {
      const x = oneTensor(this.name, inputs);
      const sampled = everyNth(everyNth(x, 1, this.strides), 2, this.strides);
      return pad(sampled, [
        [0, 0],
        [0, 0],
        [0, 0],
        [0, this.filters - x.shape[3]],
      ]);
    });
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape {
    const [batch, height, width] = inputShape as Shape;
    const sampled = (size: number | null): number | null => (size == null ? null : Math.ceil(size / this.strides));
    return [batch, sampled(height), sampled(width), this.filters];
  }

  override getConfig(): serialization.ConfigDict {
    return { ...super.getConfig(), filters: this.filters, strides: this.strides };
  }
}

/** {@link IdentityShortcut} as tf.layers makes its layers. */
export function identityShortcut(args: IdentityShortcutArgs): IdentityShortcut {
  return new IdentityShortcut(args);
}

/** Entries 0, n, 2n, ... of axis 1 or 2. From slices, because tf.stridedSlice has no gradient. */
function everyNth(x: Tensor4D, axis: 1 | 2, n: number): Tensor4D {
  const size = x.shape[axis];
  if (n === 1 || size === 0) return x;
  const kept = Math.ceil(size / n);
  const padding: [number, number][] = x.shape.map((_, i) => [0, i === axis ? kept * n - size : 0]);
  const before = x.shape.slice(0, axis).reduce((product, side) => product * side, 1);
  const after = x.shape.slice(axis + 1).reduce((product, side) => product * side, 1);
  const phases = reshape(pad(x, padding), [before, kept, n, after]);
  const shape = x.shape.map((side, i) => (i === axis ? kept : side));
  return reshape(slice(phases, [0, 0, 0, 0], [-1, -1, 1, -1]), shape as [number, number, number, number]);
}
