/** `fromDense` of @hetconv/core on plain arrays: what a layer of millions of weights starts from, without a backend's help. */
import { anchorIndex, denseShape, spatialEntryExists, spatialShape, type WeightLayout } from '@hetconv/core';

/** The weights that a HetConv has of a dense filter `[kh, kw, M, N]`; entries of `spatial` that are no weights are 0. */
export function projectDense(
  dense: Float32Array,
  layout: WeightLayout,
): { readonly pointwise: Float32Array; readonly spatial: Float32Array } {
  const [kernelHeight, kernelWidth, inChannels, filters] = denseShape(layout);
  const [taps, depth] = spatialShape(layout);
  const tapSize = inChannels * filters;
  const anchor = anchorIndex(kernelHeight) * kernelWidth + anchorIndex(kernelWidth);
  const spatial = new Float32Array(taps * depth * filters);
  for (let t = 0; t < taps; t++) {
    const tap = t < anchor ? t : t + 1;
    for (let q = 0; q < depth; q++) {
      for (let n = 0; n < filters; n++) {
        if (!spatialEntryExists(layout, q, n)) continue;
        const m = q * layout.part + (n % layout.part);
        spatial[(t * depth + q) * filters + n] = dense[tap * tapSize + m * filters + n];
      }
    }
  }
  return { pointwise: dense.slice(anchor * tapSize, (anchor + 1) * tapSize), spatial };
}
