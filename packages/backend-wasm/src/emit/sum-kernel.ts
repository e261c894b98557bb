/**
 * The kernel of the forward pass and of the input gradient: sums of products over gathered pixels.
 *
 *     target[p, c] = clamp(bias[c] + sum over s of source[anchor(p), s] * w[s, c]
 *                                  + sum over taps t, q of source[tap(t, p), q*P + residue(c)] * w[t, q, c])
 *
 * A tile is `rows` pixels x `quads` vectors of 4 target channels, all accumulators in registers. Where a pixel's taps
 * lie comes from a table of byte offsets (padding points at a row of zeros), so padding, strides, dilation and the
 * inverse geometry of the gradient cost nothing here. The cyclic channel order makes the vector of source channels that
 * 4 neighbouring target channels need one plain load (P a multiple of 4), one 64-bit splat (P = 2) or one splat (P = 1).
 *
 * The last vector of a ragged pixel, of the bias or of a gradient may read up to 12 bytes past its tensor; those lanes are
 * never stored. The allocator keeps at least that much of its own behind the last block of the heap.
 */
import type { Code } from '../assembler/encoding.ts';
import { advance, call, type Local, repeat, Scope, sequence, when } from '../assembler/control.ts';
import { f32x4, i32, v128 } from '../assembler/instructions.ts';
import type { FunctionSource } from '../assembler/module.ts';
import type { InstructionSet } from '../host/instruction-set.ts';

/** How the ring reads the source channels that belong to 4 target channels: 1 value, 2 values twice, 4 values. */
export type Load = 'splat' | 'pair' | 'quad';

export interface SumKernel {
  readonly instructionSet: InstructionSet;
  /** Pixels of a tile. */
  readonly rows: number;
  /** Vectors of 4 target channels in a tile. */
  readonly quads: 1 | 2;
  readonly load: Load;
  /** The second quad reads the 4 source channels behind the first quad's; otherwise both read the same. */
  readonly separate: boolean;
  /** P: ring steps are P channels apart. */
  readonly part: number;
  /** Ring steps of one tap where few, written out; 0: read from the group, in a loop. */
  readonly depth: number;
  /** Leave out taps that read padding instead of multiplying zeros: for weights that are infinite or NaN. One row only. */
  readonly guarded: boolean;
}

/**
 * A group is what is constant over all pixels for 8 (or 4) target channels: int32 fields at these byte offsets.
 * `lanes` counts the channels of a quad that exist: the others are computed and not stored.
 */
export const GROUP = {
  weights: 0,
  anchorSteps: 4,
  taps: 8,
  depth: 12,
  source: 16,
  target: [20, 24],
  lanes: [28, 32],
  bytes: 36,
} as const;

/** Parameters of the exported function `run`, in order; all i32 but the two bounds. */
export type SumRun = (
  tiles: number,
  groups: number,
  groupCount: number,
  table: number,
  source: number,
  bias: number,
  target: number,
  zero: number,
  low: number,
  high: number,
  tableStep: number,
) => void;

/** Steps of a turn of the inner loop. Measured on x86-64: 4 gain 3 to 10 % over 1 with plain SIMD, 1 to 5 % with relaxed. */
const UNROLLED = 4;
/** Bytes of a quad. */
const QUAD = 16;

/** The functions of a module that exports `run: SumRun`. */
export function emitSumKernel(kernel: SumKernel): FunctionSource[] {
  return [emitTile(kernel), emitRun()];
}

/** Function 0: one tile. Separate from the loop around it, so that V8 swaps in optimised code between two tiles. */
function emitTile(kernel: SumKernel): FunctionSource {
  const { rows, quads, part, guarded } = kernel;
  const scope = new Scope(['i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'f32', 'f32']);
  const [table, group, source, bias, target, zero, low, high] = scope.arguments();
  const sums = Array.from({ length: rows }, () => scope.many('v128', quads));
  const pointers = scope.many('i32', rows);
  const [entry, weights, steps, taps, ring] = scope.many('i32', 5);
  const inner: Inner = { kernel, sums, pointers, weights, w: scope.many('v128', quads), x: scope.local('v128') };

  /** Points every row at the pixel that the next tap reads, and runs `body` there. */
  const atNextTap = (base: Code, stepCount: Code, body: Code): Code => {
    const aim = pointers.map((pointer, row) => pointer.set(i32.add(i32.load(entry.get, 4 * row), base)));
    const visit = sequence(...aim, body);
    const skip = weights.set(i32.add(weights.get, i32.mul(stepCount, i32.constant(QUAD * quads))));
    const isInside = i32.ne(i32.load(entry.get), zero.get);
    return sequence(guarded ? when(isInside, visit, skip) : visit, advance(entry, 4 * rows));
  };
  const ringSteps = i32.load(group.get, GROUP.depth);

  const anchor = atNextTap(source.get, steps.get, stepLoop(inner, steps, 'splat', 4));
  const ringBody =
    kernel.depth > 0
      ? sequence(
          ...Array.from({ length: kernel.depth }, (_, q) => step(inner, kernel.load, 4 * part, q)),
          advance(weights, kernel.depth * QUAD * quads),
        )
      : sequence(steps.set(ringSteps), stepLoop(inner, steps, kernel.load, 4 * part));

  const body = sequence(
    weights.set(i32.load(group.get, GROUP.weights)),
    entry.set(i32.add(table.get, i32.constant(4 * rows))),
    ...Array.from({ length: quads }, (_, q) =>
      inner.w[q].set(v128.load(i32.add(bias.get, i32.load(group.get, GROUP.target[q])))),
    ),
    ...sums.flatMap((row) => row.map((sum, q) => sum.set(inner.w[q].get))),
    steps.set(i32.load(group.get, GROUP.anchorSteps)),
    when(steps.get, anchor),
    taps.set(i32.load(group.get, GROUP.taps)),
    ring.set(i32.add(source.get, i32.load(group.get, GROUP.source))),
    repeat(taps, atNextTap(ring.get, ringSteps, ringBody)),
    clampAll(inner, low, high),
    store(inner, table, group, target),
  );
  return { scope, body };
}

interface Inner {
  readonly kernel: SumKernel;
  readonly sums: readonly Local[][];
  readonly pointers: readonly Local[];
  readonly weights: Local;
  readonly w: readonly Local[];
  readonly x: Local;
}

/** sums[row][quad] += source vector of the row * weight vector of the quad, for step `index` from where the pointers stand. */
function step(inner: Inner, load: Load, bytes: number, index: number): Code {
  const { kernel, sums, pointers, weights, w, x } = inner;
  const separate = load === 'quad' && kernel.separate;
  const read = (pointer: Local, quad: number): Code => {
    const offset = index * bytes + (separate ? QUAD * quad : 0);
    if (load === 'splat') return v128.load32Splat(pointer.get, offset);
    return load === 'pair' ? v128.load64Splat(pointer.get, offset) : v128.load(pointer.get, offset);
  };
  return sequence(
    ...w.map((quad, q) => quad.set(v128.load(weights.get, QUAD * (index * w.length + q)))),
    ...sums.flatMap((row, r) =>
      row.flatMap((sum, q) => [
        q === 0 || separate ? x.set(read(pointers[r], q)) : [],
        sum.set(multiplyAdd(kernel.instructionSet, x.get, w[q].get, sum.get)),
      ]),
    ),
  );
}

/** `steps` steps, 4 to a turn of the loop where there are as many: the later ones find their operands at constant offsets. */
function stepLoop(inner: Inner, steps: Local, load: Load, bytes: number): Code {
  const { pointers, weights, w } = inner;
  const forward = (count: number): Code =>
    sequence(...pointers.map((pointer) => advance(pointer, count * bytes)), advance(weights, count * QUAD * w.length));
  const turn = (count: number): Code =>
    sequence(...Array.from({ length: count }, (_, index) => step(inner, load, bytes, index)), forward(count));
  return sequence(repeat(steps, turn(UNROLLED), UNROLLED), repeat(steps, turn(1)));
}

/** a*b + c */
export function multiplyAdd(instructionSet: InstructionSet, a: Code, b: Code, c: Code): Code {
  return instructionSet === 'relaxedsimd' ? f32x4.relaxedMadd(a, b, c) : f32x4.add(c, f32x4.mul(a, b));
}

/** NaN passes: both instructions keep their first operand when they cannot compare. */
function clampAll({ sums, w, x }: Inner, low: Local, high: Local): Code {
  return sequence(
    w[0].set(f32x4.splat(low.get)),
    x.set(f32x4.splat(high.get)),
    ...sums.flat().map((sum) => sum.set(f32x4.pmin(f32x4.pmax(sum.get, w[0].get), x.get))),
  );
}

function store({ kernel, sums, pointers }: Inner, table: Local, group: Local, target: Local): Code {
  const rowsOf = (write: (row: number) => Code): Code[] => Array.from({ length: kernel.rows }, (_, row) => write(row));
  const quads = Array.from({ length: kernel.quads }, (_, q) => {
    const lanes = i32.load(group.get, GROUP.lanes[q]);
    const full = sequence(...rowsOf((row) => v128.store(pointers[row].get, sums[row][q].get)));
    const ragged = [0, 1, 2].map((lane) =>
      when(
        i32.greater(lanes, i32.constant(lane)),
        sequence(...rowsOf((row) => v128.storeLane(pointers[row].get, sums[row][q].get, lane, 4 * lane))),
      ),
    );
    return sequence(
      ...rowsOf((row) =>
        pointers[row].set(
          i32.add(i32.add(i32.load(table.get, 4 * row), target.get), i32.load(group.get, GROUP.target[q])),
        ),
      ),
      when(i32.eq(lanes, i32.constant(4)), full, sequence(...ragged)),
    );
  });
  return sequence(...quads);
}

/** Function 1, `run`: every group of every tile. Groups inside: a tile's pixels stay in the first-level cache. */
function emitRun(): FunctionSource {
  const scope = new Scope(['i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'f32', 'f32', 'i32']);
  const [tiles, groups, groupCount, table, source, bias, target, zero, low, high, tableStep] = scope.arguments();
  const [group, left] = scope.many('i32', 2);
  const tile = call(0, table.get, group.get, source.get, bias.get, target.get, zero.get, low.get, high.get);
  const body = repeat(
    tiles,
    sequence(
      group.set(groups.get),
      left.set(groupCount.get),
      repeat(left, sequence(tile, advance(group, GROUP.bytes))),
      table.set(i32.add(table.get, tableStep.get)),
    ),
  );
  return { scope, body, name: 'run' };
}
