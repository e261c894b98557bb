/**
 * The sum for rows of neighbouring taps (stride and dilation 1 across): a row of K taps over 2 pixels reads K + 1 pixels, in texels
 * that its taps share. Where all of them lie inside, nothing is masked; at the left and right edge every product is.
 */
import type { TapRow } from '../geometry.ts';
import { denseProduct, type RingKind, type SumOptions } from './sum.ts';

export function tapRowSource({ ring, hasRing }: SumOptions, row: TapRow): string {
  return `
vec4 anchorSum(int start, int pair, bool inside, ivec2 columns) {
  vec4 sum = vec4(0.0);
  ${accumulate(row, [row.anchor], anchorLoop)}
  return sum;
}
${
  hasRing
    ? `${ringFunction('rowSum', row, ring, taps(row))}${ringFunction(
        'anchorRowSum',
        row,
        ring,
        taps(row).filter((tap) => tap !== row.anchor),
      )}`
    : ''
}
vec4 sumAt(int b, int i, int j, int pair) {
  int first = j + offset.y${row.isFlipped ? ` - ${row.taps - 1}` : ''};
  bool inside = first >= 0 && first + ${row.taps} < sourceSize.y;
  int widthPairs = (sourceSize.y + 1) / 2;
  vec4 sum = vec4(0.0);
  for (int u = 0; u < kernel.x; u++) {
    int line = i * multiply.x + offset.x + u * tapStep.x;
    if (line < 0 || line % divide.x != 0) continue; // % of a negative is undefined in GLSL
    line /= divide.x;
    if (line >= sourceSize.x) continue;
    int start = (b * sourceSize.x + line) * widthPairs + (first - ${row.isOdd ? 1 : 0}) / 2;
    int tap = u * ${row.taps};
    if (u == anchor.x) {
      sum += anchorSum(start, pair, inside, ivec2(first, sourceSize.y));
      ${hasRing ? 'sum += anchorRowSum(start, pair, tap, inside, ivec2(first, sourceSize.y));' : ''}
    }${hasRing ? ' else sum += rowSum(start, pair, u > anchor.x ? tap - 1 : tap, inside, ivec2(first, sourceSize.y));' : ''}
  }
  return sum;
}`;
}

function taps({ taps: count }: TapRow): number[] {
  return [...Array(count).keys()];
}

function ringFunction(name: string, row: TapRow, ring: RingKind, used: readonly number[]): string {
  if (used.length === 0)
    return `\nvec4 ${name}(int start, int pair, int tap, bool inside, ivec2 columns) { return vec4(0.0); }`;
  return `
vec4 ${name}(int start, int pair, int tap, bool inside, ivec2 columns) {
  vec4 sum = vec4(0.0);
  int depthPairs = (depth + 1) / 2;
  ${accumulate(row, used, ring === 'lanes' ? lanesLoop : blocksLoop)}
  return sum;
}`;
}

type Loop = (row: TapRow, used: readonly number[], add: (tap: number, product: string) => string) => string;

/** A loop twice: for pixels that are all inside, and with each product masked by what is. */
function accumulate(row: TapRow, used: readonly number[], loop: Loop): string {
  const masks = used.map((tap) => {
    const at = `columns.x + ${placeOf(row, tap)}`;
    const isIn = (column: string): string => `${column} >= 0 && ${column} < columns.y`;
    return `bvec4 in${tap} = bvec2(${isIn(at)}, ${isIn(`${at} + 1`)}).xxyy;`;
  });
  return `if (inside) {
    ${loop(row, used, (_tap, product) => `sum += ${product};`)}
  } else {
    ${masks.join('\n    ')}
    ${loop(row, used, (tap, product) => `sum += mix(vec4(0.0), ${product}, in${tap});`)}
  }`;
}

/** Which of the K + 1 pixels is the first of a tap. */
function placeOf({ taps: count, isFlipped }: TapRow, tap: number): number {
  return isFlipped ? count - 1 - tap : tap;
}

/** The texels of a row that these taps need, and each tap's two pixels out of them. */
function load(
  row: TapRow,
  used: readonly number[],
  channelPair: string,
): { texels: string; pixels: Map<number, string> } {
  const needed = new Set<number>();
  const pixels = new Map<number, string>();
  for (const tap of used) {
    const place = placeOf(row, tap) + (row.isOdd ? 1 : 0);
    const texel = Math.floor(place / 2);
    needed.add(texel);
    if (place % 2 === 1) needed.add(texel + 1);
    pixels.set(tap, place % 2 === 0 ? `s${texel}` : `vec4(s${texel}.zw, s${texel + 1}.xy)`);
  }
  const texels = [...needed].map((texel) => `s${texel} = sourceAt(start + ${texel}, ${channelPair})`);
  return { texels: `vec4 ${texels.join(', ')};`, pixels };
}

const anchorLoop: Loop = (row, used, add) => {
  const { texels, pixels } = load(row, used, 'k');
  return `for (int k = 0; k < sourcePairs; k++) {
      ${texels}
      vec4 p = ${pixels.get(used[0])}, w = pointwiseAt(k, pair);
      ${add(used[0], denseProduct('p', 'w'))}
    }`;
};

/** Where the weights of a ring tap stand: taps of the anchor's row behind the anchor move up by one. */
function tapWeights(row: TapRow, used: readonly number[], tap: number): string {
  const index = used.length === row.taps ? tap : used.indexOf(tap);
  return `spatialAt((tap + ${index}) * depthPairs + k, pair)`;
}

const blocksLoop: Loop = (row, used, add) => {
  const { texels, pixels } = load(row, used, 'block + k');
  const products = used.map(
    (tap) => `p = ${pixels.get(tap)}; w = ${tapWeights(row, used, tap)}; ${add(tap, denseProduct('p', 'w'))}`,
  );
  return `int block = pair / blockPairs * depthPairs;
    for (int k = 0; k < depthPairs; k++) {
      ${texels}
      vec4 p, w;
      ${products.join('\n      ')}
    }`;
};

/** A texel of ring weights holds two residue channels, q and q + 1: P channels apart in the source. */
const lanesLoop: Loop = (row, used, add) => {
  const { texels, pixels } = load(row, used, 'channel');
  const weights = used.map((tap) => `vec4 w${tap} = ${tapWeights(row, used, tap)};`).join(' ');
  const half = (lanes: string): string => {
    const products = used.map((tap) => add(tap, `${pixels.get(tap)} * w${tap}.${lanes}`));
    return `{ ${texels} ${products.join(' ')} }`;
  };
  return `int channel = pair % (part / 2), apart = part / 2;
    for (int k = 0; k < depth / 2; k++) {
      ${weights}
      ${half('xyxy')} channel += apart;
      ${half('zwzw')} channel += apart;
    }
    if (depth % 2 == 1) { int k = depth / 2; ${weights} ${half('xyxy')} }`;
};
