/** What the layers of a network come to together: each as often as the network has it. */
import { hetConvMacs, planHetConv } from '@hetconv/core';
import type { LayerRow } from './layer.ts';

export interface LayerTotal {
  readonly backend: string;
  /** Distinct layers in the total, and applications of them. */
  readonly rows: number;
  readonly layers: number;
  /** Multiply-adds of the dense layers over those of the HetConvs. */
  readonly macRatio: number;
  /** Sums of medians; a network's own time has its other layers too, and no read-back between layers. */
  readonly medianMs: number;
  readonly denseMedianMs: number;
  /** denseMedianMs / medianMs */
  readonly speedup: number;
}

/** One total a backend, in the order of the rows, over rows of one P choice: those of a {@link modelLayerRequests} list. */
export function layerTotals(rows: readonly LayerRow[]): LayerTotal[] {
  const backends = [...new Set(rows.map(({ backend }) => backend))];
  return backends.map((backend) => {
    const own = rows.filter((row) => row.backend === backend);
    let [layers, macs, denseMacs, medianMs, denseMedianMs] = [0, 0, 0, 0, 0];
    for (const row of own) {
      const { count = 1 } = row;
      const cost = count * macsOf(row);
      layers += count;
      macs += cost;
      denseMacs += cost * row.macRatio;
      medianMs += count * row.medianMs;
      denseMedianMs += count * row.denseMedianMs;
    }
    const speedup = denseMedianMs / medianMs;
    return { backend, rows: own.length, layers, macRatio: denseMacs / macs, medianMs, denseMedianMs, speedup };
  });
}

function macsOf(row: LayerRow): number {
  const { batch, height, width, in: inChannels, out, kernel, stride, part } = row;
  const inputShape: [number, number, number, number] = [batch, height, width, inChannels];
  return hetConvMacs(
    planHetConv({ inputShape, outChannels: out, part, kernelSize: kernel, strides: stride, pad: 'same' }),
  );
}
