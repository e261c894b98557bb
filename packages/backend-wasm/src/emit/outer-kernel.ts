/**
 * The kernel of the filter gradients: sums of outer products over pixels.
 *
 *     gradient[r, c] += sum over pairs (s, t) of x[s, row r] * dy[t, c]
 *
 * The pairs are the pixels of x and dy that meet at one tap, as a list of byte offsets: strides, dilation and borders are
 * in the list, and no padding is ever read. A tile is `rows` channels of x times `quads` vectors of 4 channels of dy, all
 * accumulators in registers over a block of pairs. As in the sum kernel, a vector of dy's channels meets one splat value
 * of x (anchor, P = 1), a pair (P = 2) or the 4 values beside each other (P > 2).
 */
import { advance, call, type Local, repeat, Scope, sequence, when } from '../assembler/control.ts';
import type { Code } from '../assembler/encoding.ts';
import { i32, v128 } from '../assembler/instructions.ts';
import type { FunctionSource } from '../assembler/module.ts';
import type { InstructionSet } from '../host/instruction-set.ts';
import { type Load, multiplyAdd } from './sum-kernel.ts';

export interface OuterKernel {
  readonly instructionSet: InstructionSet;
  /** Channels of x in a tile; they are `rowBytes` apart. */
  readonly rows: number;
  readonly rowBytes: number;
  readonly quads: 1 | 2;
  readonly load: Load;
  /** The second quad meets the 4 channels of x behind the first quad's; otherwise both meet the same. */
  readonly separate: boolean;
}

/** What is constant over all pixels for one tile: int32 fields at these byte offsets. */
export const TILE = {
  /** Byte offset of the first channel in a pixel of x. */
  x: 0,
  /** Byte offsets of the quads in a pixel of dy. */
  dy: [4, 8],
  /** Byte offsets of the quads' first row in the gradient. */
  gradient: [12, 16],
  lanes: [20, 24],
  bytes: 28,
} as const;

/** Bytes of a pair: the offsets of the two pixels. */
export const PAIR_BYTES = 8;

/** Parameters of the exported function `run`. `isFirst` 1: the gradient starts from 0 instead of what is there. */
export type OuterRun = (
  tiles: number,
  tileCount: number,
  pairs: number,
  pairCount: number,
  x: number,
  dy: number,
  gradient: number,
  rowStep: number,
  isFirst: number,
) => void;

const QUAD = 16;
/** Pairs of a turn of the inner loop. */
const UNROLLED = 2;

/** The functions of a module that exports `run: OuterRun`. */
export function emitOuterKernel(kernel: OuterKernel): FunctionSource[] {
  return [emitTile(kernel), emitRun()];
}

function emitTile({ instructionSet, rows, rowBytes, quads, load, separate }: OuterKernel): FunctionSource {
  const scope = new Scope(['i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32']);
  const [tile, pairs, pairCount, x, dy, gradient, rowStep, isFirst] = scope.arguments();
  const sums = Array.from({ length: rows }, () => scope.many('v128', quads));
  const vectors = scope.many('v128', quads);
  const value = scope.local('v128');
  const [xPixel, dyPixel] = scope.many('i32', 2);
  const targets = scope.many('i32', quads);

  const read = (row: number, quad: number): Code => {
    const offset = row * rowBytes + (separate ? QUAD * quad : 0);
    if (load === 'splat') return v128.load32Splat(xPixel.get, offset);
    return load === 'pair' ? v128.load64Splat(xPixel.get, offset) : v128.load(xPixel.get, offset);
  };
  // The quads of dy lie anywhere in a pixel: the second is addressed from the first.
  const dySecond = i32.sub(i32.load(tile.get, TILE.dy[1]), i32.load(tile.get, TILE.dy[0]));
  const second = scope.local('i32');
  const dyAddress = (quad: number): Code => (quad === 0 ? dyPixel.get : i32.add(dyPixel.get, second.get));
  const pair = (index: number): Code =>
    sequence(
      dyPixel.set(i32.add(dy.get, i32.load(pairs.get, PAIR_BYTES * index + 4))),
      xPixel.set(i32.add(x.get, i32.load(pairs.get, PAIR_BYTES * index))),
      ...vectors.map((vector, q) => vector.set(v128.load(dyAddress(q)))),
      ...sums.flatMap((row, r) =>
        row.flatMap((sum, q) => [
          q === 0 || separate ? value.set(read(r, q)) : [],
          sum.set(multiplyAdd(instructionSet, value.get, vectors[q].get, sum.get)),
        ]),
      ),
    );
  const turn = (count: number): Code =>
    sequence(...Array.from({ length: count }, (_, index) => pair(index)), advance(pairs, PAIR_BYTES * count));

  const aim = targets.map((target, q) => target.set(i32.add(gradient.get, i32.load(tile.get, TILE.gradient[q]))));
  const downRows = (visit: (row: number) => Code): Code =>
    sequence(
      ...aim,
      ...sums.flatMap((_, row) => [
        visit(row),
        ...(row + 1 < rows ? targets.map((target) => target.set(i32.add(target.get, rowStep.get))) : []),
      ]),
    );
  const body = sequence(
    when(
      i32.eq(isFirst.get, i32.constant(0)),
      downRows((row) => sequence(...sums[row].map((sum, q) => sum.set(v128.load(targets[q].get))))),
    ),
    second.set(dySecond),
    x.set(i32.add(x.get, i32.load(tile.get, TILE.x))),
    dy.set(i32.add(dy.get, i32.load(tile.get, TILE.dy[0]))),
    repeat(pairCount, turn(UNROLLED), UNROLLED),
    repeat(pairCount, turn(1)),
    downRows((row) =>
      sequence(...sums[row].map((sum, q) => store(targets[q], sum, i32.load(tile.get, TILE.lanes[q])))),
    ),
  );
  return { scope, body };
}

function store(target: Local, sum: Local, lanes: Code): Code {
  const ragged = [0, 1, 2].map((lane) =>
    when(i32.greater(lanes, i32.constant(lane)), v128.storeLane(target.get, sum.get, lane, 4 * lane)),
  );
  return when(i32.eq(lanes, i32.constant(4)), v128.store(target.get, sum.get), sequence(...ragged));
}

function emitRun(): FunctionSource {
  const scope = new Scope(['i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32']);
  const [tile, tileCount, pairs, pairCount, x, dy, gradient, rowStep, isFirst] = scope.arguments();
  const visit = call(0, ...[tile, pairs, pairCount, x, dy, gradient, rowStep, isFirst].map((argument) => argument.get));
  return { scope, body: repeat(tileCount, sequence(visit, advance(tile, TILE.bytes))), name: 'run' };
}
