/** From samples to rows: one for each P of a layer, with everything that was measured in its rounds. */
import { type LayerRequest, median, medianRatio, type Ratio } from '@hetconv/bench';
import { hetConvMacs, macRatio, weightCount } from '@hetconv/core';
import { contenderNames } from './contender.ts';
import { floorMs, type Peak } from './floor.ts';
import type { OurContender } from './our-layer.ts';
import type { PeerContender } from './peer.ts';
import type { Samples } from './rounds.ts';

/** Times are milliseconds on the device; null where there was no peer, or no such layer. Ratios are times of the other over ours. */
export interface Row extends Omit<LayerRequest, 'parts'> {
  readonly part: number;
  readonly variant: string;
  /** Multiply-adds of the dense layer over those of the HetConv. */
  readonly macRatio: number;
  readonly ms: number;
  /** What a call costs the host: a program sees the longer of both. */
  readonly hostMs: number;
  readonly worstRatio: number;
  /** Our dense kernel, float32. */
  readonly denseMs: number;
  readonly cudnnDenseMs: number | null;
  readonly cudnnTf32Ms: number | null;
  /** K x K in P groups alone: no channel meets those of other groups. */
  readonly cudnnGroupedMs: number | null;
  /** 1x1 + K x K in P groups, added. */
  readonly torchHetConvMs: number | null;
  readonly overDense: Ratio;
  readonly overCudnnDense: Ratio | null;
  readonly overCudnnTf32: Ratio | null;
  readonly overTorchHetConv: Ratio | null;
  /** cuDNN's dense over our dense: the share of its speed that ours has. */
  readonly denseShareOfCudnn: Ratio | null;
  /** The least time that the bytes or the operations need, and what we reach of it; null where the device tells no clocks. */
  readonly floorMs: number | null;
  readonly shareOfFloor: number | null;
  /** Memory format in which cuDNN was fastest, by contender. */
  readonly formats: Readonly<Record<string, string>>;
}

export function rowsOf(
  layer: LayerRequest,
  ours: readonly OurContender[],
  theirs: readonly PeerContender[],
  samples: Samples,
  peak: Peak | undefined,
): Row[] {
  const { parts: _, ...sizes } = layer;
  const of = (name: string): readonly number[] | undefined => samples.get(name);
  const ms = (name: string): number | null => mapped(of(name), median);
  const over = (slow: string, fast: string): Ratio | null =>
    mapped(of(slow), (other) => medianRatio(other, of(fast) ?? []));
  const { dense, cudnnDense, cudnnTf32, cudnnGrouped, torchHetConv } = contenderNames;
  return ours
    .filter(({ name }) => name !== dense)
    .map(({ name, part, plan, variant, worstRatio, hostMs }) => {
      const time = median(of(name) ?? []);
      const floor = mapped(peak, (known) => floorMs(known, layer, hetConvMacs(plan), weightCount(plan)));
      return {
        ...sizes,
        part,
        variant,
        macRatio: macRatio(plan),
        ms: time,
        hostMs: hostMs(),
        worstRatio,
        denseMs: median(of(dense) ?? []),
        cudnnDenseMs: ms(cudnnDense),
        cudnnTf32Ms: ms(cudnnTf32),
        cudnnGroupedMs: ms(cudnnGrouped(part)),
        torchHetConvMs: ms(torchHetConv(part)),
        overDense: medianRatio(of(dense) ?? [], of(name) ?? []),
        overCudnnDense: over(cudnnDense, name),
        overCudnnTf32: over(cudnnTf32, name),
        overTorchHetConv: over(torchHetConv(part), name),
        denseShareOfCudnn: over(cudnnDense, dense),
        floorMs: floor,
        shareOfFloor: mapped(floor, (least) => least / time),
        formats: Object.fromEntries(theirs.map((peer) => [peer.name, peer.format])),
      };
    });
}

function mapped<T, R>(value: T | null | undefined, map: (value: T) => R): R | null {
  return value === null || value === undefined ? null : map(value);
}
