/** The gradients of the two weight tensors: products of x and dy summed over all pixels that meet at a tap. */
import { type HetConvPlan, residueDepth, ringTaps, type Tap } from '@hetconv/core';
import { forEachTapRun } from './tap-runs.ts';
import { accumulateOuterTile, sumProducts } from './tile.ts';

const TILE_ROWS = 2;
const TILE_COLUMNS = 4;

/** dL/dpointwise, [1, 1, M, N]. */
export function pointwiseGradient(plan: HetConvPlan, x: Float32Array, dy: Float32Array): Float32Array {
  const { inChannels, outChannels } = plan;
  const gradient = new Float32Array(inChannels * outChannels);
  const anchor = { row: plan.anchorRow, col: plan.anchorCol };
  addOuterProduct(gradient, plan, anchor, x, dy, {
    start: 0,
    channel: 0,
    step: 1,
    rows: inChannels,
    columns: outChannels,
  });
  return gradient;
}

/** dL/dspatial, [T, Q, N]; entries that are no weights stay 0. */
export function spatialGradient(plan: HetConvPlan, x: Float32Array, dy: Float32Array): Float32Array {
  const { inChannels, outChannels, part, depth } = plan;
  const gradient = new Float32Array(plan.ringTaps * depth * outChannels);
  for (const [t, tap] of ringTaps(plan).entries()) {
    for (let residue = 0; residue < Math.min(part, outChannels); residue++) {
      addOuterProduct(gradient, plan, tap, x, dy, {
        start: t * depth * outChannels + residue,
        channel: residue,
        step: part,
        rows: residueDepth(inChannels, part, residue),
        columns: residueDepth(outChannels, part, residue),
      });
    }
  }
  return gradient;
}

/** A block of a weight gradient: input channels channel, channel + step, ... against the same output channels. */
interface GradientBlock {
  /** Index of its first entry; rows are N apart, columns `step`. */
  readonly start: number;
  readonly channel: number;
  readonly step: number;
  readonly rows: number;
  readonly columns: number;
}

function addOuterProduct(
  gradient: Float32Array,
  plan: HetConvPlan,
  tap: Tap,
  x: Float32Array,
  dy: Float32Array,
  block: GradientBlock,
): void {
  const { inChannels, outChannels } = plan;
  const { step } = block;
  const left = { start: 0, pixelStep: plan.strideWidth * inChannels, channelStep: step };
  const right = { start: 0, pixelStep: outChannels, channelStep: step };
  for (let row = 0; row < block.rows; row += TILE_ROWS) {
    for (let column = 0; column < block.columns; column += TILE_COLUMNS) {
      const rows = Math.min(TILE_ROWS, block.rows - row);
      const columns = Math.min(TILE_COLUMNS, block.columns - column);
      const isFull = rows === TILE_ROWS && columns === TILE_COLUMNS;
      const at = block.start + row * outChannels + column * step;
      forEachTapRun(plan, tap, (inPixel, outPixel, pixels) => {
        const leftStart = inPixel * inChannels + block.channel + row * step;
        const rightStart = outPixel * outChannels + block.channel + column * step;
        left.start = leftStart;
        right.start = rightStart;
        if (isFull) {
          accumulateOuterTile(gradient, at, outChannels, step, x, left, dy, right, pixels);
          return;
        }
        for (let r = 0; r < rows; r++) {
          left.start = leftStart + r * step;
          for (let c = 0; c < columns; c++) {
            right.start = rightStart + c * step;
            gradient[at + r * outChannels + c * step] += sumProducts(x, left, dy, right, pixels);
          }
        }
      });
    }
  }
}
