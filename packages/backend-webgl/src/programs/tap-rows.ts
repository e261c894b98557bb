/**
 * The sum for rows of neighbouring taps (stride and dilation 1 across): a row of K taps over 2 pixels reads K + 1 pixels, in texels
 * that its taps share. Every tap of a row has an accumulator of its own, which is left out at the end where its pixel is padding:
 * so loops hold no branch, and padding takes part in nothing.
 */
import type { TapRow } from '../geometry.ts';
import { denseProduct, type RingLoop, type SumOptions } from './products.ts';

export function tapRowSource({ ring, hasRing, divides }: SumOptions, row: TapRow): string {
  const all = [...Array(row.taps).keys()];
  const besideAnchor = all.filter((tap) => tap !== row.anchor);
  const used = hasRing ? all : [row.anchor];
  const loop = ring === 'blocks' ? blocksLoop : lanesLoop(ring);
  const hasAnchorRow = hasRing && besideAnchor.length > 0;
  return `
vec4 ${used.map((tap) => `sum${tap} = vec4(0.0)`).join(', ')};
/* Rows of texels a tap has in \`spatial\`, and where the source channels of this residue begin. */
int depthPairs, residue;
${rowFunction('anchorTap', anchorLoop(row, [row.anchor]))}
${hasRing ? rowFunction('ringRow', loop(row, all)) : ''}
${hasAnchorRow ? rowFunction('anchorRow', loop(row, besideAnchor)) : ''}
/* The texel of a source line in which a row of taps begins. */
int lineStart(int b, int i, int u, int first, out bool isInside) {
  int at = i * multiply.x + offset.x + u * tapStep.x;
  int line = ${divides ? 'at / divide.x' : 'at'};
  isInside = at >= 0 && line < sourceSize.x${divides ? ' && line * divide.x == at' : ''};
  return (b * sourceSize.x + line) * pairsIn(sourceSize.y) + pairOf(first - ${row.isOdd ? 1 : 0});
}
vec4 sumAt(int b, int i, int j, int pair) {
  int first = j + offset.y${row.isFlipped ? ` - ${row.taps - 1}` : ''};
  ${hasRing ? (ring === 'blocks' ? BLOCK : LANE) : ''}
  bool isInside;
  int start = lineStart(b, i, anchor.x, first, isInside);
  if (isInside) {
    anchorTap(start, pair, 0);
    ${hasAnchorRow ? `anchorRow(start, pair, anchor.x * ${row.taps});` : ''}
  }${hasRing ? ringRows(row) : ''}
  return ${used.map((tap) => maskedSum(row, tap)).join('\n    + ')};
}`;
}

const BLOCK = 'depthPairs = pairOf(depth); residue = quotient(pair, blockPairs) * depthPairs;';
const LANE = 'depthPairs = pairsIn(depth); residue = remainder(pair, pairOf(part));';

/** All rows but the anchor's, without a test for it in the loop. */
function ringRows({ taps }: TapRow): string {
  return `
  for (int r = 0; r < kernel.x - 1; r++) {
    int u = r < anchor.x ? r : r + 1;
    start = lineStart(b, i, u, first, isInside);
    if (isInside) ringRow(start, pair, r < anchor.x ? u * ${taps} : u * ${taps} - 1);
  }`;
}

/** What a tap has gathered, without the lanes whose pixel is padding: the same columns in every row. */
function maskedSum(row: TapRow, tap: number): string {
  const place = placeOf(row, tap);
  return `mix(vec4(0.0), sum${tap}, bvec2(${isIn(place)}, ${isIn(place + 1)}).xxyy)`;
}

function isIn(place: number): string {
  return `first + ${place} >= 0 && first + ${place} < sourceSize.y`;
}

type Loop = (row: TapRow, used: readonly number[]) => string;

/** Adds taps of one row to their accumulators; `tap` is the index in `spatial` of the first. */
function rowFunction(name: string, loop: string): string {
  return `
void ${name}(int start, int pair, int tap) {
  vec4 p, w;
  ${loop}
}`;
}

/** Which of the K + 1 pixels is the first of a tap. */
function placeOf({ taps: count, isFlipped }: TapRow, tap: number): number {
  return isFlipped ? count - 1 - tap : tap;
}

/** Loads the texels of a row that these taps need, then runs `use` for each tap with its two pixels in `p`. */
function forTaps(row: TapRow, used: readonly number[], channelPair: string, use: (tap: number) => string): string {
  const texels = new Set<number>();
  const lines = used.map((tap) => {
    const place = placeOf(row, tap) + (row.isOdd ? 1 : 0);
    const texel = Math.floor(place / 2);
    texels.add(texel);
    if (place % 2 === 0) return `p = s${texel}; ${use(tap)}`;
    texels.add(texel + 1);
    return `p = vec4(s${texel}.zw, s${texel + 1}.xy); ${use(tap)}`;
  });
  const loads = [...texels].map((texel) => `s${texel} = sourceAt(start + ${texel}, ${channelPair})`);
  return `vec4 ${loads.join(', ')};\n    ${lines.join('\n    ')}`;
}

/** The first texel row of `spatial` for a tap: behind the anchor, the taps of its row have moved up by one. */
function weightsRow(row: TapRow, used: readonly number[], tap: number): string {
  const index = used.length === row.taps ? tap : used.indexOf(tap);
  return `(tap + ${index}) * depthPairs`;
}

/** A counted loop, `times` steps an iteration: what a step costs beside its products is then shared. */
function unrolled(times: number, end: string, step: (k: string) => string): string {
  const steps = [...Array(times).keys()].map((i) => `{ ${step(`k + ${i}`)} }`);
  return `int k = 0;
  for (; k + ${times} <= ${end}; k += ${times}) {
    ${steps.join('\n    ')}
  }
  for (; k < ${end}; k++) { ${step('k')} }`;
}

/** Where most of the time goes: all channels, for one tap. Addresses are made once an iteration and stepped within it. */
const anchorLoop: Loop = (row, [tap]) => {
  const place = placeOf(row, tap) + (row.isOdd ? 1 : 0);
  const texel = Math.floor(place / 2);
  const isSplit = place % 2 === 1;
  const step = (isLast: boolean): string => `
    p = source_texel(at); ${isSplit ? 'p = vec4(p.zw, source_texel(behind).xy);' : ''} w = pointwise_texel(weight);
    sum${tap} += ${denseProduct('p', 'w')};
    ${isLast ? '' : `at += source_right; ${isSplit ? 'behind += source_right;' : ''} weight += pointwise_down;`}`;
  const iteration = (times: number): string => `
    Point_source at = source_point(start + ${texel}, k)${isSplit ? `, behind = source_point(start + ${texel + 1}, k)` : ''};
    Point_pointwise weight = pointwise_point(k, pair);
    ${[...Array(times).keys()].map((i) => step(i === times - 1)).join('')}`;
  return `int k = 0;
  for (; k + ${ANCHOR_STEPS} <= sourcePairs; k += ${ANCHOR_STEPS}) {${iteration(ANCHOR_STEPS)}}
  for (; k < sourcePairs; k++) {${iteration(1)}}`;
};

/** Measured: 4 steps an iteration save a quarter of the time of 1, 8 some more. */
const ANCHOR_STEPS = 8;

const blocksLoop: Loop = (row, used) => {
  const step = (k: string): string =>
    forTaps(row, used, `residue + ${k}`, (tap) => {
      return `w = spatialAt(${weightsRow(row, used, tap)} + ${k}, pair); sum${tap} += ${denseProduct('p', 'w')};`;
    });
  return unrolled(2, 'depthPairs', step);
};

/** A texel of ring weights holds two residue channels, q and q + 1, which are P channels apart in the source. */
function lanesLoop(ring: Exclude<RingLoop, 'blocks'>): Loop {
  return (row, used) => {
    if (ring === 'lanes-one') {
      const use = (tap: number): string => `sum${tap} += p * spatialAt(${weightsRow(row, used, tap)}, pair).xyxy;`;
      return forTaps(row, used, 'residue', use);
    }
    if (ring === 'lanes-odd') {
      const use = (tap: number): string =>
        `w = spatialAt(${weightsRow(row, used, tap)} + pairOf(q), pair); sum${tap} += p * (isFirst(q) ? w.xyxy : w.zwzw);`;
      return `for (int q = 0; q < depth; q++) {
    ${forTaps(row, used, 'residue + q * pairOf(part)', use)}
  }`;
    }
    const loads = used.map((tap) => `w${tap} = spatialAt(${weightsRow(row, used, tap)} + k, pair)`);
    const half = (channel: string, lanes: string): string =>
      `{ ${forTaps(row, used, channel, (tap) => `sum${tap} += p * w${tap}.${lanes};`)} }`;
    return `for (int k = 0; k < depthPairs; k++) {
    vec4 ${loads.join(', ')};
    ${half('residue + k * part', 'xyxy')}
    ${half('residue + k * part + pairOf(part)', 'zwzw')}
  }`;
  };
}
