/** Runs the forward pass or the input gradient: tables, kernels and blocks of channels for one prepared convolution. */
import { emitSumKernel, GROUP, type SumKernel, type SumRun } from './emit/sum-kernel.ts';
import type { InstructionSet } from './host/instruction-set.ts';
import type { Kernel } from './host/modules.ts';
import type { Runtime, TableBlock } from './host/runtime.ts';
import type { Prepared } from './lower/prepare.ts';
import type { GroupKind } from './lower/quads.ts';
import type { Split } from './threads/pool.ts';
import { type TableLayout, tableLayout, writeTable } from './lower/tables.ts';

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

/** What runs for one number of images: worked out once per prepared convolution, so that a call is a few loops. */
interface Launch {
  readonly instructionSet: InstructionSet;
  readonly images: number;
  readonly steps: readonly Step[];
}

/** One sub-convolution: its table, and the kernels that pass over it. */
interface Step {
  readonly sub: number;
  readonly rows: number;
  readonly tableKey: string;
  readonly layout: TableLayout;
  readonly blocks: readonly GroupBlock[];
  /** How a call may be cut by tiles; indices into the parameters of `SumRun`. */
  readonly byTiles: Split;
}

/** Groups of channels whose weights fit into the cache together. */
interface GroupBlock {
  /** Kernels of the full tiles and of the last one, where there are any. */
  readonly main: Kernel | undefined;
  readonly last: Kernel | undefined;
  /** Byte offset of the group records from the packed weights. */
  readonly records: number;
  readonly count: number;
  /** Multiply-adds of a group in a full tile. */
  readonly work: number;
}

/** How a call may be cut by groups; indices into the parameters of `SumRun`. */
const BY_GROUPS: Split = { count: 2, pointer: 1, bytes: GROUP.bytes };

const launches = new WeakMap<Prepared, Launch[]>();

export function runSum(runtime: Runtime, instructionSet: InstructionSet, call: SumCall): void {
  const { prepared, batch, low, high } = call;
  const { sides } = prepared;
  const { modules } = runtime;
  const targetPixels = sides.targetHeight * sides.targetWidth;
  if (batch === 0 || targetPixels === 0) return;
  const sourceImage = 4 * sides.sourceHeight * sides.sourceWidth * sides.sourceChannels;
  const targetImage = 4 * targetPixels * sides.targetChannels;
  const zeros = runtime.host.zeros(4 * Math.max(sides.sourceChannels, sides.targetChannels) + 64);
  const bias = call.bias === 0 ? zeros : call.bias;
  const most = Math.min(batch, Math.max(1, Math.floor(TABLE_PIXELS / targetPixels)));

  for (let first = 0; first < batch; first += most) {
    const source = call.source + first * sourceImage;
    const target = call.target + first * targetImage;
    const zero = (zeros - source) | 0;
    const { images, steps } = launchOf(runtime, instructionSet, prepared, Math.min(most, batch - first));
    for (const step of steps) {
      const { tiles, tileBytes } = step.layout;
      const table = tableOf(runtime, prepared, step, images, zero).address;
      for (const { main, last, records, count, work } of step.blocks) {
        const groups = prepared.packed.address + records;
        const tileWork = count * work;
        if (main !== undefined) {
          const args: Parameters<SumRun> = [
            tiles,
            groups,
            count,
            table,
            source,
            bias,
            target,
            zero,
            low,
            high,
            tileBytes,
          ];
          modules.call(main, args, tiles >= count ? step.byTiles : BY_GROUPS, tiles * tileWork);
        }
        if (last !== undefined) {
          const lastTable = table + tiles * tileBytes;
          const args: Parameters<SumRun> = [1, groups, count, lastTable, source, bias, target, zero, low, high, 0];
          modules.call(last, args, BY_GROUPS, tileWork);
        }
      }
    }
  }
}

function launchOf(runtime: Runtime, instructionSet: InstructionSet, prepared: Prepared, images: number): Launch {
  let known = launches.get(prepared);
  if (known === undefined) {
    known = [];
    launches.set(prepared, known);
  }
  for (const launch of known) {
    if (launch.images === images && launch.instructionSet === instructionSet) return launch;
  }
  const { subs, packed } = prepared;
  // One row where taps are skipped one by one: infinite weights are rare, speed is not the point.
  const rows = packed.finite ? TILE_ROWS[instructionSet] : 1;
  const steps = subs.flatMap((sub, index): Step[] => {
    if (sub.rows.count === 0 || sub.cols.count === 0) return [];
    const layout = tableLayout(sub, images, rows);
    const blocks = groupBlocks(runtime, instructionSet, prepared, index, layout, rows);
    const byTiles = { count: 0, pointer: 3, bytes: layout.tileBytes };
    return [{ sub: index, rows, tableKey: `${prepared.geometry} ${index} ${images} ${rows}`, layout, blocks, byTiles }];
  });
  const launch: Launch = { instructionSet, images, steps };
  known.push(launch);
  return launch;
}

function groupBlocks(
  runtime: Runtime,
  instructionSet: InstructionSet,
  { plan, packed }: Prepared,
  sub: number,
  { tiles, rest }: TableLayout,
  rows: number,
): GroupBlock[] {
  const { layout, offset } = packed.parts[sub];
  return layout.kinds.flatMap(({ kind, records, groupBytes }): GroupBlock[] => {
    const kernel = (height: number): Kernel | undefined =>
      height === 0 ? undefined : kernelFor(runtime, instructionSet, kind, plan.part, height, packed.finite);
    const [main, last] = [kernel(tiles > 0 ? rows : 0), kernel(rest)];
    const perBlock = Math.max(1, Math.floor(BLOCK_BYTES / Math.max(1, groupBytes)));
    const blocks: GroupBlock[] = [];
    for (let group = 0; group < kind.groups.length; group += perBlock) {
      const count = Math.min(perBlock, kind.groups.length - group);
      blocks.push({
        main,
        last,
        records: offset + records + group * GROUP.bytes,
        count,
        work: (rows * groupBytes) / 4,
      });
    }
    return blocks;
  });
}

function tableOf(runtime: Runtime, { subs, sides }: Prepared, step: Step, images: number, zero: number): TableBlock {
  const { host, tables } = runtime;
  let table = tables.get(step.tableKey);
  if (table === undefined) {
    const { bytes } = step.layout;
    const address = host.allocate(bytes, 'an indirection table');
    const padding = writeTable(host.ints(), address / 4, subs[step.sub], sides, images, step.rows);
    table = { address, bytes, padding, zero: 0 };
    point(table, zero, host.ints());
    tables.set(step.tableKey, table);
  } else if (table.zero !== zero && table.padding.length > 0) {
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
): Kernel {
  const { load, quads, separate, groups } = kind;
  const depths = new Set(groups.map(([quad]) => quad.depth));
  const [common] = depths;
  const depth = depths.size === 1 && WRITTEN_OUT.includes(common) ? common : 0;
  const kernel: SumKernel = { instructionSet, rows, quads, load, separate, part, depth, guarded: !finite };
  return runtime.modules.get(`sum ${JSON.stringify(kernel)}`, () => emitSumKernel(kernel));
}
