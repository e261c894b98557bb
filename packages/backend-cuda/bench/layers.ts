/** Which layers are measured, the most telling first: what a time limit cuts off is at the end. Data. */
import { layerPreset, type LayerRequest, type LayerSizes } from '@hetconv/bench';

/** A P, or 'M' for as many as there are input channels. */
export type PartChoice = number | 'M';

export interface LayerChoice {
  readonly batches: readonly number[];
  readonly parts: readonly PartChoice[];
  /** One small layer: does everything work? Its times say nothing. */
  readonly quick?: boolean;
}

function square(size: number, channels: number): LayerSizes {
  return { height: size, width: size, in: channels, out: channels, kernel: 3, stride: 1 };
}

/** VGG-16 at ImageNet size, a layer of every stage. */
const IMAGENET: readonly LayerSizes[] = [square(56, 128), square(28, 256), square(14, 512), square(112, 64)];

/** Layer by layer, each at every batch. A P beyond the input channels is left out. */
export function layersOf({ batches, parts, quick = false }: LayerChoice): LayerRequest[] {
  const all = quick ? [square(6, 8)] : [square(16, 256), ...IMAGENET, ...layerPreset('kernels')];
  const distinct = new Map(all.map((sizes) => [JSON.stringify(sizes), sizes]));
  return [...distinct.values()].flatMap((sizes) => {
    const possible = parts.map((part) => (part === 'M' ? sizes.in : part)).filter((part) => part <= sizes.in);
    return batches.map((batch) => ({ ...sizes, batch, parts: [...new Set(possible)] }));
  });
}
