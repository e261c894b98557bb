/** One operation of TensorFlow: its definition, as far as it is used, and what it computes. */
import type { Attributes, Kind } from './attributes.ts';
import type { Value } from './tensor.ts';

export interface Device {
  readonly isGpu: boolean;
}

export interface Operation {
  readonly attributes: Readonly<Record<string, Kind>>;
  readonly run: (inputs: readonly Value[], attributes: Attributes, device: Device) => Value;
}
