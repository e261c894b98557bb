/**
 * Reads source values and weights, four goal channels c..c+3 at a time.
 *
 * A block is what one source quad k..k+3 is multiplied with: a matrix whose columns are goal quads. Forward, rows of
 * `pointwise` and `spatial` are such quads; for the input gradient the goal's channels are the rows, and blocks are transposed.
 */
import type { Lanes } from './shape.ts';

/** @param hasRing false where there is no `spatial` buffer */
export function weightsText(lanes: Lanes, reversed: boolean, hasRing: boolean): string {
  const [dense, ring] =
    lanes === 'vec4' ? [quadReads(reversed), ringQuads(reversed)] : [laneReads(reversed), ringLanes(reversed)];
  return hasRing ? dense + ring : dense;
}

/** Element index of a weight quad, over 4: the matrix of source channels k..k+3 and goal channels c..c+3. */
function denseQuads(buffer: string, row: string, reversed: boolean): string {
  const quads = [0, 1, 2, 3].map((i) =>
    reversed
      ? `${buffer}[((${row}c + ${i}) * uniforms.sourceSize.w + k) >> 2u]`
      : `${buffer}[((${row}k + ${i}) * uniforms.goalSize.w + c) >> 2u]`,
  );
  return reversed ? `transpose(mat4x4<f32>(${quads.join(', ')}))` : `mat4x4<f32>(${quads.join(', ')})`;
}

function quadReads(reversed: boolean): string {
  return `
    fn sourceQuad(pixel : i32, k : i32) -> vec4<f32> { return source[(pixel * uniforms.sourceSize.w + k) >> 2u]; }
    fn anchorBlock(k : i32, c : i32) -> mat4x4<f32> { return ${denseQuads('pointwise', '', reversed)}; }`;
}

function ringQuads(reversed: boolean): string {
  const pair = reversed
    ? `let first = spatial[((ringRow + (c >> 1u)) * uniforms.sourceSize.w + k) >> 2u];
       let second = spatial[((ringRow + (c >> 1u) + 1) * uniforms.sourceSize.w + k) >> 2u];
       return mat2x4<f32>(vec4<f32>(first.xy, second.xy), vec4<f32>(first.zw, second.zw));`
    : `let row = ringRow + (k >> 1u);
       return mat2x4<f32>(spatial[(row * uniforms.goalSize.w + c) >> 2u], spatial[((row + 1) * uniforms.goalSize.w + c) >> 2u]);`;
  const quad = reversed
    ? `spatial[((ringRow + c / uniforms.window.z) * uniforms.sourceSize.w + k) >> 2u]`
    : `spatial[((ringRow + k / uniforms.window.z) * uniforms.goalSize.w + c) >> 2u]`;
  return `
    fn splatBlock(ringRow : i32, k : i32, c : i32) -> mat4x4<f32> { return ${denseQuads('spatial', 'ringRow + ', reversed)}; }
    fn pairBlock(ringRow : i32, k : i32, c : i32) -> mat2x4<f32> { ${pair} }
    fn quadWeights(ringRow : i32, k : i32, c : i32) -> vec4<f32> { return ${quad}; }`;
}

/**
 * Entries that do not exist - beyond the channels, or the ragged end of a residue - read as 0, and so does what they meet.
 * Selected, not branched around: WGSL keeps an index that is out of bounds within the buffer, and branches by the
 * dozen take software rasterisers minutes to compile.
 */
const EXISTS = 'k < uniforms.sourceSize.w && c < uniforms.goalSize.w';

function fourLanes(lane: (index: number) => string): string {
  return `vec4<f32>(${[0, 1, 2, 3].map(lane).join(', ')})`;
}

function laneReads(reversed: boolean): string {
  const anchor = reversed ? 'pointwise[c * uniforms.sourceSize.w + k]' : 'pointwise[k * uniforms.goalSize.w + c]';
  return `
    fn sourceAt(pixel : i32, k : i32) -> f32 {
      return select(0.0, source[pixel * uniforms.sourceSize.w + k], k < uniforms.sourceSize.w);
    }
    fn sourceLanes(pixel : i32, k : vec4<i32>) -> vec4<f32> { return ${fourLanes((i) => `sourceAt(pixel, k[${i}])`)}; }
    fn sourceQuad(pixel : i32, k : i32) -> vec4<f32> { return sourceLanes(pixel, k + vec4<i32>(0, 1, 2, 3)); }
    fn anchorAt(k : i32, c : i32) -> f32 { return select(0.0, ${anchor}, ${EXISTS}); }
    fn anchorRow(k : i32, c : i32) -> vec4<f32> { return ${fourLanes((i) => `anchorAt(k, c + ${i})`)}; }
    fn anchorBlock(k : i32, c : i32) -> mat4x4<f32> {
      return mat4x4<f32>(anchorRow(k, c), anchorRow(k + 1, c), anchorRow(k + 2, c), anchorRow(k + 3, c));
    }`;
}

function ringLanes(reversed: boolean): string {
  const ring = reversed
    ? 'spatial[(ringRow + c / uniforms.window.z) * uniforms.sourceSize.w + k]'
    : 'spatial[(ringRow + k / uniforms.window.z) * uniforms.goalSize.w + c]';
  const splat = [0, 1, 2, 3].map((i) => `ringLanes(ringRow, vec4<i32>(k + ${i}), c)`);
  return `
    // The weight between source channel k and goal channel c, which are congruent modulo P.
    fn ringAt(ringRow : i32, k : i32, c : i32) -> f32 { return select(0.0, ${ring}, ${EXISTS}); }
    fn ringLanes(ringRow : i32, k : vec4<i32>, c : i32) -> vec4<f32> {
      return ${fourLanes((i) => `ringAt(ringRow, k[${i}], c + ${i})`)};
    }
    fn splatBlock(ringRow : i32, k : i32, c : i32) -> mat4x4<f32> { return mat4x4<f32>(${splat.join(', ')}); }
    fn pairBlock(ringRow : i32, k : i32, c : i32) -> mat2x4<f32> {
      let even = k + vec4<i32>(0, 1, 0, 1);
      return mat2x4<f32>(ringLanes(ringRow, even, c), ringLanes(ringRow, even + vec4<i32>(2), c));
    }
    fn quadWeights(ringRow : i32, k : i32, c : i32) -> vec4<f32> { return ringLanes(ringRow, k + vec4<i32>(0, 1, 2, 3), c); }`;
}
