/** The forward pass and the input gradient: the sum over all blocks and taps, either way. */
import type { HetConvPlan } from '@hetconv/core';
import { type Block, blocks, type Direction } from './blocks.ts';
import { forEachTapRun } from './tap-runs.ts';
import { accumulateLanes, accumulateQuad, accumulateSingle, TILE_CHANNELS } from './tile.ts';

/**
 * Adds to `target` what flows into it: y from x ('forward'), or dx from dy ('inputGradient').
 *
 * @param source x or dy, NHWC
 * @param target y or dx, NHWC, zeroed
 */
export function sumTaps(
  plan: HetConvPlan,
  direction: Direction,
  source: Float32Array,
  target: Float32Array,
  pointwise: Float32Array,
  spatial: Float32Array,
): void {
  const isForward = direction === 'forward';
  const { inChannels, outChannels, strideWidth } = plan;
  const packed = new Float64Array(TILE_CHANNELS * Math.max(inChannels, outChannels));
  const [from, to] = [emptyRun(), emptyRun()];
  const [inRun, outRun] = isForward ? [from, to] : [to, from];
  inRun.pixelStep = strideWidth * inChannels;
  outRun.pixelStep = outChannels;
  for (const block of blocks(plan, direction)) {
    const weights = block.isAnchor ? pointwise : spatial;
    const width = block.count === TILE_CHANNELS ? TILE_CHANNELS : 1;
    const accumulate = width === 1 ? accumulateSingle : block.kind === 'dense' ? accumulateQuad : accumulateLanes;
    from.channelStep = block.sourceStep;
    to.channelStep = block.targetStep;
    for (let c = 0; c < block.count; c += width) {
      pack(packed, weights, block, c, width);
      const targetChannel = block.targetChannel + c * block.targetStep;
      const [inChannel, outChannel] = isForward
        ? [block.sourceChannel, targetChannel]
        : [targetChannel, block.sourceChannel];
      forEachTapRun(plan, block.tap, (inPixel, outPixel, pixels) => {
        inRun.start = inPixel * inChannels + inChannel;
        outRun.start = outPixel * outChannels + outChannel;
        accumulate(target, to, source, from, packed, block.depth, pixels);
      });
    }
  }
}

function emptyRun(): { start: number; pixelStep: number; channelStep: number } {
  return { start: 0, pixelStep: 0, channelStep: 0 };
}

/** Columns [first, first + width) of a block's matrix, row after row. */
function pack(packed: Float64Array, weights: Float32Array, block: Block, first: number, width: number): void {
  const start = block.weightStart + first * block.weightCountStep;
  for (let k = 0; k < block.depth; k++) {
    for (let c = 0; c < width; c++) {
      packed[k * width + c] = weights[start + k * block.weightDepthStep + c * block.weightCountStep];
    }
  }
}
