/** Copies into and out of block order (layout.ts). Padding becomes zero whatever stood beside the channels. */
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { MathBackendWebGL } from '@tensorflow/tfjs-backend-webgl';
import { type Blocks, blockedChannels, isPlain } from '../layout.ts';
import type { EpilogueCode } from './epilogue.ts';
import { run } from './run.ts';

/** GLSL: the channel that stands at a place of the block order, or -1 for padding. */
export const CHANNEL_AT = `
int channelAt(int place, int size, int part, int channels) {
  int block = quotient(place, size);
  int channel = (place - block * size) * part + block;
  return channel < channels ? channel : -1;
}`;

/** Images [.., C] in block order, [.., P * size]. */
export function toBlocks(backend: MathBackendWebGL, images: TensorInfo, blocks: Blocks): TensorInfo {
  return run(backend, {
    inputs: { images },
    outputShape: [...images.shape.slice(0, -1), blockedChannels(blocks)],
    uniforms: { blocks: [blocks.part, blocks.size, blocks.channels] },
    source: `${CHANNEL_AT}
vec2 channel(int row, int place) {
  int c = channelAt(place, blocks.y, blocks.x, blocks.z);
  if (c < 0) return vec2(0.0);
  vec4 texel = imagesAt(row, pairOf(c));
  return isFirst(c) ? texel.xz : texel.yw;
}
vec4 compute(int row, int pair) {
  vec2 first = channel(row, 2 * pair), second = channel(row, 2 * pair + 1);
  return vec4(first.x, second.x, first.y, second.y);
}`,
  });
}

/** Images in block order back to [.., C], and what follows the sum. */
export function fromBlocks(
  backend: MathBackendWebGL,
  blocked: TensorInfo,
  blocks: Blocks,
  epilogue: EpilogueCode,
): TensorInfo {
  return run(backend, {
    inputs: { blocked, ...epilogue.inputs },
    outputShape: [...blocked.shape.slice(0, -1), blocks.channels],
    uniforms: { blocks: [blocks.part, blocks.size, blocks.channels] },
    floats: epilogue.floats,
    source: `${epilogue.source}
vec2 channel(int row, int c) {
  if (c >= blocks.z) return vec2(0.0);
  int q = quotient(c, blocks.x);
  int place = (c - q * blocks.x) * blocks.y + q;
  vec4 texel = blockedAt(row, pairOf(place));
  return isFirst(place) ? texel.xz : texel.yw;
}
vec4 compute(int row, int pair) {
  vec2 first = channel(row, 2 * pair), second = channel(row, 2 * pair + 1);
  vec4 y = finish(vec4(first.x, second.x, first.y, second.y), pair);
  if (2 * pair + 1 >= blocks.z) y.yw = vec2(0.0);
  int widthPairs = pairsIn(outShape[2]);
  if (2 * (row - quotient(row, widthPairs) * widthPairs) + 1 >= outShape[2]) y.zw = vec2(0.0);
  return y;
}`,
  });
}

/** Block order where the layout asks for it; `isCopy` says whether the result is to be freed. */
export function inBlocks(
  backend: MathBackendWebGL,
  images: TensorInfo,
  blocks: Blocks,
): { readonly images: TensorInfo; readonly isCopy: boolean } {
  return isPlain(blocks) ? { images, isCopy: false } : { images: toBlocks(backend, images, blocks), isCopy: true };
}
