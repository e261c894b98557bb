/** Runs the forward pass or the input gradient: tables, kernels and blocks of channels for one prepared convolution. */
import { emitSumKernel, GROUP, type SumKernel, type SumRun } from './emit/sum-kernel.ts';
import type { InstructionSet } from './host/instruction-set.ts';
import type { Runtime, TableBlock } from './host/runtime.ts';
import type { Prepared } from './lower/prepare.ts';
import type { GroupKind } from './lower/quads.ts';
import { sidesOf } from './lower/sub-convolutions.ts';
import { tableLayout, writeTable } from './lower/tables.ts';

/** Pixels of a tile: as many as leave all accumulators in the 16 vector registers of x86-64. */
export const TILE_ROWS: Readonly<Record<InstructionSet, number>> = {
  simd: 4, // the product needs a register of its own
  relaxedsimd: 6,
};

/** Weights worked through before the next tiles: they stay in the second-level cache. */
const BLOCK_BYTES = 256 * 1024;
/** Pixels that one table spans where images are small, so that tiles reach across images. */
const TABLE_PIXELS = 2048;
/** Ring depths whose steps are written out. */
const WRITTEN_OUT = [1, 2, 4];

/** Addresses of a pass, and the bounds of its values. */
export interface SumCall {
  readonly prepared: Prepared;
  readonly batch: number;
  readonly source: number;
  readonly target: number;
  /** 0: none. */
  readonly bias: number;
  readonly low: number;
  readonly high: number;
}

export function runSum(runtime: Runtime, instructionSet: InstructionSet, call: SumCall): void {
  const { prepared, batch } = call;
  const { plan, direction, packed, subs } = prepared;
  const sides = sidesOf(plan, direction);
  const targetPixels = sides.targetHeight * sides.targetWidth;
  if (batch === 0 || targetPixels === 0) return;
  const sourcePixels = sides.sourceHeight * sides.sourceWidth;
  const zeros = runtime.host.zeros(4 * Math.max(sides.sourceChannels, sides.targetChannels) + 64);
  const bias = call.bias === 0 ? zeros : call.bias;
  // One row where taps are skipped one by one: infinite weights are rare, speed is not the point.
  const rows = packed.finite ? TILE_ROWS[instructionSet] : 1;
  const most = Math.min(batch, Math.max(1, Math.floor(TABLE_PIXELS / targetPixels)));

  for (let first = 0; first < batch; first += most) {
    const images = Math.min(most, batch - first);
    const source = call.source + 4 * first * sourcePixels * sides.sourceChannels;
    const target = call.target + 4 * first * targetPixels * sides.targetChannels;
    const zero = (zeros - source) | 0;
    for (const [index, sub] of subs.entries()) {
      if (sub.rows.count === 0 || sub.cols.count === 0) continue;
      const layout = tableLayout(sub, images, rows);
      const table = tableOf(runtime, prepared, index, images, rows, zero);
      const { kinds } = packed.parts[index].layout;
      for (const kind of kinds) {
        const groups = packed.address + packed.parts[index].offset + kind.records;
        const perBlock = Math.max(1, Math.floor(BLOCK_BYTES / Math.max(1, kind.groupBytes)));
        const main = layout.tiles > 0 ? kernelFor(runtime, instructionSet, kind.kind, plan.part, rows, packed.finite) : undefined;
        const last =
          layout.rest > 0 ? kernelFor(runtime, instructionSet, kind.kind, plan.part, layout.rest, packed.finite) : undefined;
        const lastTable = table.address + layout.tiles * layout.tileBytes;
        const { length } = kind.kind.groups;
        for (let group = 0; group < length; group += perBlock) {
          const records = groups + group * GROUP.bytes;
          const count = Math.min(perBlock, length - group);
          const { low, high } = call;
          main?.(layout.tiles, records, count, table.address, source, bias, target, zero, low, high, layout.tileBytes);
          last?.(1, records, count, lastTable, source, bias, target, zero, low, high, 0);
        }
      }
    }
  }
}

function tableOf(
  runtime: Runtime,
  { subs, plan, direction, geometry }: Prepared,
  index: number,
  images: number,
  rows: number,
  zero: number,
): TableBlock {
  const key = `${geometry} ${index} ${images} ${rows}`;
  const { host, tables } = runtime;
  let table = tables.get(key);
  if (table === undefined) {
    const sub = subs[index];
    const { bytes } = tableLayout(sub, images, rows);
    const address = host.allocate(bytes, 'an indirection table');
    const padding = writeTable(host.ints(), address / 4, sub, sidesOf(plan, direction), images, rows);
    table = { address, bytes, padding, zero: 0 };
    point(table, zero, host.ints());
    tables.set(key, table);
  } else if (table.zero !== zero) {
    point(table, zero, host.ints());
  }
  return table;
}

/** Aims the entries that read padding at the row of zeros, seen from where the source tensor lies now. */
function point(table: TableBlock, zero: number, ints: Int32Array): void {
  const at = table.address / 4;
  for (const entry of table.padding) ints[at + entry] = zero;
  table.zero = zero;
}

function kernelFor(
  runtime: Runtime,
  instructionSet: InstructionSet,
  kind: GroupKind,
  part: number,
  rows: number,
  finite: boolean,
): SumRun {
  const { load, quads, separate, groups } = kind;
  const depths = new Set(groups.map(([quad]) => quad.depth));
  const [common] = depths;
  const depth = depths.size === 1 && WRITTEN_OUT.includes(common) ? common : 0;
  const kernel: SumKernel = { instructionSet, rows, quads, load, separate, part, depth, guarded: !finite };
  return runtime.modules.get(`sum ${JSON.stringify(kernel)}`, () => emitSumKernel(kernel));
}
