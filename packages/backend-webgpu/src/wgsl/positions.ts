/** From a flat position of the goal to its place, and from a place and a tap to the source pixel that is read there. */

/** `reversed`: for the input gradient, where a pixel of x finds the outputs that read it. */
export function positionsText(reversed: boolean): string {
  const at = reversed
    ? `let spread = place.yz + uniforms.origin.xy - tap * uniforms.stride.zw;
       let at = spread / uniforms.stride.xy;
       let hits = all(spread >= vec2<i32>(0)) && all(at * uniforms.stride.xy == spread);`
    : `let at = place.yz * uniforms.stride.xy + tap * uniforms.stride.zw - uniforms.origin.xy;
       let hits = all(at >= vec2<i32>(0));`;
  return `
    fn positionCount() -> i32 { return uniforms.goalSize.x * uniforms.goalSize.y * uniforms.goalSize.z; }

    // (image, row, column); image -1 beyond the last position.
    fn placeOf(position : i32) -> vec3<i32> {
      let row = position / uniforms.goalSize.z;
      let image = select(-1, row / uniforms.goalSize.y, position < positionCount());
      return vec3<i32>(image, row % uniforms.goalSize.y, position % uniforms.goalSize.z);
    }

    // The pixel of the source that a tap reads, or -1 where it reads padding: such a tap is skipped, not multiplied by 0.
    fn sourcePixel(place : vec3<i32>, tap : vec2<i32>) -> i32 {
      ${at}
      let inside = place.x >= 0 && hits && all(at < uniforms.sourceSize.yz);
      return select(-1, (place.x * uniforms.sourceSize.y + at.x) * uniforms.sourceSize.z + at.y, inside);
    }`;
}

/** Calls `body` for every off-anchor tap, in row-major order; it sees `tap` and `ringRow`, the first row of the tap in `spatial`. */
export function forEachRingTap(body: string): string {
  return `
    var ringRow = 0;
    for (var tapIndex = 0; tapIndex < uniforms.window.x * uniforms.window.y; tapIndex++) {
      let tap = vec2<i32>(tapIndex / uniforms.window.y, tapIndex % uniforms.window.y);
      if (all(tap == uniforms.origin.zw)) { continue; }
      ${body}
      ringRow += uniforms.window.w;
    }`;
}
