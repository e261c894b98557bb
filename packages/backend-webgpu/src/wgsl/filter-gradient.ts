/**
 * The shader of both filter gradients: for one tap, products of x and dy summed over the positions at which the tap reads inside
 * the image. Rows of a filter gradient are input channels (`pointwise`, and `spatial` at P = 1) or the q of q*P + (n mod P).
 * Positions may be divided among several workgroups, each of which writes its own partial sum.
 */
import { each, type Lanes, type Ring, type Tile, tileChannels } from './shape.ts';

export interface FilterGradientShape {
  /** `splat` also serves `pointwise`. `four` is served by `quad`. */
  readonly ring: Exclude<Ring, 'none' | 'four'>;
  readonly lanes: Lanes;
  /** `positionsPerThread` here counts groups of rows. */
  readonly tile: Tile;
}

/** Rows of the gradient that one source quad contributes to. */
export function rowsPerGroup(ring: FilterGradientShape['ring']): number {
  return ring === 'splat' ? 4 : ring === 'pair' ? 2 : 1;
}

/** The source quad of each row, given x = sourceQuad(...). */
const SPREAD: Readonly<Record<FilterGradientShape['ring'], readonly string[]>> = {
  splat: ['x.xxxx', 'x.yyyy', 'x.zzzz', 'x.wwww'],
  pair: ['x.xyxy', 'x.zwzw'],
  quad: ['x'],
  wide: ['x'],
  gather: ['x'],
};

/** The uniform `extra`: taps, rows of a tap's gradient, parts that positions are divided into, 1 for off-anchor taps. */
export function filterGradientText({ ring, lanes, tile }: FilterGradientShape): string {
  const rows = rowsPerGroup(ring);
  const groups = tile.down * tile.positionsPerThread;
  const channels = tileChannels(tile);
  const sums = (r: number, j: number): string[] => Array.from({ length: rows }, (_, i) => `sum_${r}_${j}_${i}`);
  const forEachSum = (piece: (r: number, j: number) => string): string =>
    each(tile.positionsPerThread, (r) => each(tile.quadsPerThread, (j) => piece(r, j)));
  return `
    ${readsText(lanes)}
    ${storeText(ring, lanes)}
    fn main() {
      let thread = i32(localIndex);
      var group = i32(workgroupId.y * numWorkgroups.x + workgroupId.x);
      let groupsAcross = (uniforms.goalSize.w + ${channels - 1}) / ${channels};
      let firstChannel = (group % groupsAcross) * ${channels};
      group = group / groupsAcross;
      let groupsDown = (uniforms.extra.y + ${rows * groups - 1}) / ${rows * groups};
      let firstGroup = (group % groupsDown) * ${groups} + thread / ${tile.across};
      group = group / groupsDown;
      let slot = group % uniforms.extra.x;
      let part = group / uniforms.extra.x;
      if (part >= uniforms.extra.z) { return; }

      let anchor = uniforms.origin.z * uniforms.window.y + uniforms.origin.w;
      let flat = select(anchor, slot + select(0, 1, slot >= anchor), uniforms.extra.w == 1);
      let tap = vec2<i32>(flat / uniforms.window.y, flat % uniforms.window.y);
      let shift = tap * uniforms.stride.zw - uniforms.origin.xy;
      // Output columns [begin, end) at which the tap reads inside a row of the image.
      let begin = max(0, -shift.y + uniforms.stride.y - 1) / uniforms.stride.y;
      let reach = uniforms.sourceSize.z - 1 - shift.y;
      let end = select(0, min(uniforms.goalSize.z, reach / uniforms.stride.y + 1), reach >= 0);
      let allRows = uniforms.goalSize.x * uniforms.goalSize.y;
      let share = (allRows + uniforms.extra.z - 1) / uniforms.extra.z;
      ${each(tile.quadsPerThread, (j) => `let channel_${j} = firstChannel + 4 * (thread % ${tile.across} + ${j * tile.across});`)}
      ${residues(ring, tile)}
      ${forEachSum((r, j) =>
        sums(r, j)
          .map((sum) => `var ${sum} = vec4<f32>(0.0);`)
          .join(' '),
      )}
      for (var row = part * share; row < min(allRows, (part + 1) * share); row++) {
        let at = (row % uniforms.goalSize.y) * uniforms.stride.x + shift.x;
        if (at < 0 || at >= uniforms.sourceSize.y) { continue; }
        let rowStart = ((row / uniforms.goalSize.y) * uniforms.sourceSize.y + at) * uniforms.sourceSize.z + shift.y;
        for (var column = begin; column < end; column++) {
          let pixel = rowStart + column * uniforms.stride.y;
          ${each(tile.quadsPerThread, (j) => `let y_${j} = goalQuad(row * uniforms.goalSize.z + column, channel_${j});`)}
          ${forEachSum((r, j) => {
            const products = sums(r, j).map((sum, i) => `${sum} += ${SPREAD[ring][i]} * y_${j};`);
            return `{ let x = ${sourceOf(ring, tile, r, j)}; ${products.join(' ')} }`;
          })}
        }
      }
      let slotRow = (part * uniforms.extra.x + slot) * uniforms.extra.y;
      ${forEachSum((r, j) =>
        sums(r, j)
          .map((sum, i) => `store(slotRow, ${rows} * (firstGroup + ${r * tile.down}) + ${i}, channel_${j}, ${sum});`)
          .join('\n'),
      )}
    }`;
}

function residues(ring: FilterGradientShape['ring'], { quadsPerThread }: Tile): string {
  if (ring === 'splat' || ring === 'pair') return '';
  return each(quadsPerThread, (j) =>
    ring === 'gather'
      ? `let residue_${j} = (channel_${j} + vec4<i32>(0, 1, 2, 3)) % uniforms.window.z;`
      : `let residue_${j} = channel_${j} % uniforms.window.z;`,
  );
}

function sourceOf(ring: FilterGradientShape['ring'], tile: Tile, r: number, j: number): string {
  const group = `(firstGroup + ${r * tile.down})`;
  if (ring === 'splat' || ring === 'pair') return `sourceQuad(pixel, 4 * ${group})`;
  const residue = `residue_${ring === 'quad' ? 0 : j}`; // one residue for all quads: one read, which the compiler shares
  return `${ring === 'gather' ? 'sourceLanes' : 'sourceQuad'}(pixel, ${group} * uniforms.window.z + ${residue})`;
}

/** What is read beyond the last channel or row is never stored. */
function readsText(lanes: Lanes): string {
  if (lanes === 'vec4') {
    return `
      fn sourceQuad(pixel : i32, k : i32) -> vec4<f32> { return source[(pixel * uniforms.sourceSize.w + k) >> 2u]; }
      fn goalQuad(position : i32, c : i32) -> vec4<f32> { return dy[(position * uniforms.goalSize.w + c) >> 2u]; }`;
  }
  return `
    fn sourceLanes(pixel : i32, k : vec4<i32>) -> vec4<f32> {
      return ${fourReads('source', 'pixel * uniforms.sourceSize.w', (i) => `k[${i}]`)};
    }
    fn sourceQuad(pixel : i32, k : i32) -> vec4<f32> { return sourceLanes(pixel, k + vec4<i32>(0, 1, 2, 3)); }
    fn goalQuad(position : i32, c : i32) -> vec4<f32> { return ${fourReads('dy', 'position * uniforms.goalSize.w', (i) => `c + ${i}`)}; }`;
}

function fourReads(buffer: string, start: string, channel: (lane: number) => string): string {
  return `vec4<f32>(${[0, 1, 2, 3].map((i) => `${buffer}[${start} + ${channel(i)}]`).join(', ')})`;
}

/** Entries of `spatial` that are no weights have gradient 0. */
function storeText(ring: FilterGradientShape['ring'], lanes: Lanes): string {
  const exists = (lane: string): string =>
    ring === 'splat' ? 'true' : `row * uniforms.window.z + (c${lane}) % uniforms.window.z < uniforms.sourceSize.w`;
  const write =
    lanes === 'vec4'
      ? `result[start >> 2u] = select(vec4<f32>(0.0), sum, ${exists('')});`
      : [0, 1, 2, 3]
          .map(
            (i) =>
              `if (c + ${i} < uniforms.goalSize.w) { result[start + ${i}] = select(0.0, sum[${i}], ${exists(` + ${i}`)}); }`,
          )
          .join('\n');
  return `
    fn store(slotRow : i32, row : i32, c : i32, sum : vec4<f32>) {
      if (row >= uniforms.extra.y || c >= uniforms.goalSize.w) { return; }
      let start = (slotRow + row) * uniforms.goalSize.w + c;
      ${write}
    }`;
}

/** Adds the partial sums of `extra.z` parts, each of `extra.x` elements. */
export const ADD_PARTS = `
  fn main() {
    let group = i32(workgroupId.y * numWorkgroups.x + workgroupId.x);
    let element = group * 64 + i32(localIndex);
    if (element >= uniforms.extra.x) { return; }
    var sum = 0.0;
    for (var part = 0; part < uniforms.extra.z; part++) { sum += parts[part * uniforms.extra.x + element]; }
    result[element] = sum;
  }`;
