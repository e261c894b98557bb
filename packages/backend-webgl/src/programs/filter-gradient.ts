/**
 * The gradients of the weights: products of x and dy summed over all output positions, 2 x 2 weights a texel.
 * All fragments of a tap walk over the same pairs of pixels, so the branches of the walk cost nothing.
 */
import type { RingKind } from './products.ts';

/**
 * The walk: `load` defines what meets at two neighbouring positions, `add` sums the first or the second of them. A pixel
 * that reads padding is left out.
 */
function overPositions(load: string, add: (first: boolean) => string): string {
  return `
  vec4 sum = vec4(0.0);
  int inPairs = pairsIn(sourceSize.y), outPairs = pairsIn(targetSize.y);
  for (int b = 0; b < batch; b++) {
    for (int i = 0; i < targetSize.x; i++) {
      int line = i * multiply.x + offset.x + at.x * tapStep.x;
      if (line < 0 || line >= sourceSize.x) continue;
      int inRow = (b * sourceSize.x + line) * inPairs, outRow = (b * targetSize.x + i) * outPairs;
      for (int j = 0; j < targetSize.y; j += 2) {
        ivec2 columns = ivec2(j, j + 1) * multiply.y + offset.y + at.y * tapStep.y;
        bool first = columns.x >= 0 && columns.x < sourceSize.y;
        bool second = columns.y >= 0 && columns.y < sourceSize.y && j + 1 < targetSize.y;
        if (!first && !second) continue;
        ${load}
        if (first) ${add(true)}
        if (second) ${add(false)}
      }
    }
  }
  return sum;`;
}

/** Two pixels of x at `columns`: one texel where they share it. A column outside is read somewhere inside and not used. */
const PIXELS = `
vec4 pixelsAt(int row, ivec2 columns, bool first, bool second, int pair) {
  ivec2 c = ivec2(first ? columns.x : columns.y, second ? columns.y : columns.x);
  ivec2 texel = c >> 1;
  vec4 a = xAt(row + texel.x, pair), b = texel.x == texel.y ? a : xAt(row + texel.y, pair);
  return vec4(isFirst(c.x) ? a.xy : a.zw, isFirst(c.y) ? b.xy : b.zw);
}`;

const DENSE_LOAD = (channels: string): string =>
  `vec4 p = pixelsAt(inRow, columns, first, second, ${channels}), dy = dyAt(outRow + pairOf(j), pair);`;
const denseAdd = (first: boolean): string => (first ? 'sum += p.xxyy * dy.xyxy;' : 'sum += p.zzww * dy.zwzw;');

/** [1, 1, M, N]: the anchor tap. */
export const POINTWISE_GRADIENT: string = `${PIXELS}
vec4 gradientAt(ivec2 at, int channelPair, int pair) {${overPositions(DENSE_LOAD('channelPair'), denseAdd)}
}
vec4 compute(int row, int pair) {
  vec4 sum = gradientAt(anchor, row, pair);
  if (2 * row + 1 >= outShape[2]) sum.zw = vec2(0.0);
  if (2 * pair + 1 >= outShape[3]) sum.yw = vec2(0.0);
  return sum;
}`;

const TAP = `
ivec2 tapAt(int index) {
  int tap = index >= anchor.x * kernel.y + anchor.y ? index + 1 : index;
  int row = quotient(tap, kernel.y);
  return ivec2(row, tap - row * kernel.y);
}`;

/** [T, depth, N]: the ring. Lanes: channels as they are, P even. Blocks: x and dy in block order, and so the result. */
export function spatialGradientSource(ring: RingKind): string {
  const body =
    ring === 'blocks'
      ? overPositions(DENSE_LOAD('quotient(pair, blockPairs) * depthPairs + q'), denseAdd)
      : overPositions(
          `int channel = q * part + remainder(pair, pairOf(part));
        vec4 p = pixelsAt(inRow, columns, first, second, channel), dy = dyAt(outRow + pairOf(j), pair);
        vec4 next = 2 * q + 1 < depth ? pixelsAt(inRow, columns, first, second, channel + pairOf(part)) : vec4(0.0);`,
          (first) => (first ? 'sum += vec4(p.xy, next.xy) * dy.xyxy;' : 'sum += vec4(p.zw, next.zw) * dy.zwzw;'),
        );
  return `${PIXELS}${TAP}
vec4 gradientAt(ivec2 at, int q, int depthPairs, int pair) {${body}
}
vec4 compute(int row, int pair) {
  int depthPairs = pairsIn(depth);
  int tap = quotient(row, depthPairs);
  int q = row - tap * depthPairs;
  vec4 sum = gradientAt(tapAt(tap), q, depthPairs, pair);
  if (2 * q + 1 >= depth) sum.zw = vec2(0.0);
  return sum;
}`;
}

/** Ring weights out of block order: [T, Q, N], zero where there is no weight. */
export const SPATIAL_FROM_BLOCKS = `
float weight(int tap, int q, int n) {
  if (q >= outShape[1] || n >= outShape[2] || q * part + remainder(n, part) >= channels) return 0.0;
  int place = remainder(n, part) * (2 * blockPairs) + quotient(n, part);
  vec4 texel = blockedAt(tap * blockedDepthPairs + pairOf(q), pairOf(place));
  vec2 both = isFirst(q) ? texel.xy : texel.zw;
  return isFirst(place) ? both.x : both.y;
}
vec4 compute(int row, int pair) {
  int depthPairs = pairsIn(outShape[1]);
  int tap = quotient(row, depthPairs);
  int q = 2 * (row - tap * depthPairs), n = 2 * pair;
  return vec4(weight(tap, q, n), weight(tap, q, n + 1), weight(tap, q + 1, n), weight(tap, q + 1, n + 1));
}`;
