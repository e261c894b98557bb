/** The sum for any stride and dilation: tap by tap, the two pixels of a texel fetched and masked each on its own. */
import { denseProduct, type SumOptions } from './products.ts';

export function singleTapSource({ ring, hasRing, divides }: SumOptions): string {
  return `
vec4 pixels(ivec2 rows, ivec2 columns, int channelPair) {
  vec4 first = sourceAt(rows.x, channelPair), second = rows.x == rows.y ? first : sourceAt(rows.y, channelPair);
  return vec4(isFirst(columns.x) ? first.xy : first.zw, isFirst(columns.y) ? second.xy : second.zw);
}
vec4 anchorSum(ivec2 rows, ivec2 columns, int pair) {
  vec4 sum = vec4(0.0);
  for (int k = 0; k < sourcePairs; k++) {
    vec4 p = pixels(rows, columns, k), w = pointwiseAt(k, pair);
    sum += ${denseProduct('p', 'w')};
  }
  return sum;
}
${hasRing ? (ring === 'blocks' ? BLOCKS : LANES) : ''}
vec4 sumAt(int b, int i, int j, int pair) {
  int widthPairs = pairsIn(sourceSize.y);
  vec4 sum = vec4(0.0);
  for (int u = 0; u < kernel.x; u++) {
    int line = i * multiply.x + offset.x + u * tapStep.x;
    if (line < 0) continue; // the rounding of a negative quotient is not ours to rely on
    ${divides ? 'if (line % divide.x != 0) continue; line /= divide.x;' : ''}
    if (line >= sourceSize.x) continue;
    for (int v = 0; v < kernel.y; v++) {
      ivec2 at = ivec2(j, j + 1) * multiply.y + offset.y + v * tapStep.y;
      ivec2 columns = ${divides ? 'at / divide.y' : 'at'};
      bvec2 isIn = bvec2(at.x >= 0 && columns.x < sourceSize.y${divides ? ' && columns.x * divide.y == at.x' : ''},
                         at.y >= 0 && columns.y < sourceSize.y${divides ? ' && columns.y * divide.y == at.y' : ''});
      if (!any(isIn)) continue;
      columns = ivec2(isIn.x ? columns.x : columns.y, isIn.y ? columns.y : columns.x);
      ivec2 rows = (b * sourceSize.x + line) * widthPairs + (columns >> 1);
      if (u == anchor.x && v == anchor.y) {
        sum += mix(vec4(0.0), anchorSum(rows, columns, pair), isIn.xxyy);
      }${
        hasRing
          ? ` else {
        int tap = u * kernel.y + v;
        if (u > anchor.x || (u == anchor.x && v > anchor.y)) tap--;
        sum += mix(vec4(0.0), ringSum(rows, columns, pair, tap), isIn.xxyy);
      }`
          : ''
      }
    }
  }
  return sum;
}`;
}

const LANES = `
vec4 ringSum(ivec2 rows, ivec2 columns, int pair, int tap) {
  vec4 sum = vec4(0.0);
  int depthPairs = pairsIn(depth), apart = pairOf(part), channel = remainder(pair, apart);
  for (int q = 0; q < depth; q++) {
    vec4 w = spatialAt(tap * depthPairs + pairOf(q), pair);
    sum += pixels(rows, columns, channel + q * apart) * (isFirst(q) ? w.xyxy : w.zwzw);
  }
  return sum;
}`;

const BLOCKS = `
vec4 ringSum(ivec2 rows, ivec2 columns, int pair, int tap) {
  vec4 sum = vec4(0.0);
  int depthPairs = pairsIn(depth), block = quotient(pair, blockPairs) * depthPairs;
  for (int k = 0; k < depthPairs; k++) {
    vec4 p = pixels(rows, columns, block + k), w = spatialAt(tap * depthPairs + k, pair);
    sum += ${denseProduct('p', 'w')};
  }
  return sum;
}`;
