/** Which layer is measured: plain data, from a command line, a file, a list, or a network ({@link modelLayerRequests}). */

/** A layer ('same' padding) and the P at which it is measured. */
export interface LayerRequest {
  /** What rows call it, e.g. `conv2_1`; without one they go by its sizes. */
  readonly name?: string;
  /** How many layers of a network are like it; 1 where not given. Rows carry it on, for totals. */
  readonly count?: number;
  readonly height: number;
  readonly width: number;
  /** M */
  readonly in: number;
  /** N */
  readonly out: number;
  readonly kernel: number;
  readonly stride: number;
  readonly batch: number;
  /** Every P to measure, each at most M. */
  readonly parts: readonly number[];
}

/** A layer as people write it: `16x16x256 → 256, 3x3, stride 2, batch 8`; stride and batch where they are not 1. */
export function describeLayer(layer: Omit<LayerRequest, 'parts'>): string {
  const { height, width, in: inChannels, out, kernel, stride, batch } = layer;
  const sizes = `${height}x${width}x${inChannels} → ${out}, ${kernel}x${kernel}`;
  return `${sizes}${stride === 1 ? '' : `, stride ${stride}`}${batch === 1 ? '' : `, batch ${batch}`}`;
}
