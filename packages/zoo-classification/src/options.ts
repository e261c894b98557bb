/** What every model of the zoo is a function of. */
import type { ConvKind, Part } from '@hetconv/layers';

/**
 * P of the layers whose convolution is replaced: one for all, or by layer name with `default` for the rest,
 * e.g. `{ default: 4, conv5_1: 'channels' }`. Where P exceeds the input channels of a layer it becomes 'channels', with a notice.
 */
export type PartChoice = Part | Readonly<Record<string, Part>>;

/** Something the caller should know and need not act on. */
export interface Notice {
  readonly code: 'part-clamped';
  readonly layer: string;
  readonly requested: number;
  readonly used: number;
  readonly message: string;
}

export interface ClassificationOptions {
  /** What stands in place of the KxK convolutions, the first one excepted. Default 'hetconv'. */
  readonly convKind?: ConvKind;
  /** P of a HetConv, the number of groups of the grouped kinds; the other kinds ignore it. Default 4. */
  readonly part?: PartChoice;
  /** Default: those of the data set that the model was designed for. */
  readonly classes?: number;
  /** `[height, width, channels]`. Default: the size that the model was designed for. */
  readonly inputShape?: readonly [number, number, number];
  /**
   * Seed of the initial weights, default 0. The same seed gives the same bits on every platform, and twins that differ in
   * kind or part share the weights of the layers they have in common.
   */
  readonly seed?: number | string;
  /** Told, before anything is built, where the model deviates from what was asked. Default: nobody is. */
  readonly onNotice?: (notice: Notice) => void;
}
