/**
 * Sums down the columns of [rows, columns], in double precision: what float32 values add up to is exact but for 2^-53 a step, over
 * however many rows, so no order of summation needs to be chosen.
 */
import { advance, call, type Local, repeat, Scope, sequence } from '../assembler/control.ts';
import type { Code } from '../assembler/encoding.ts';
import { f64x2, i32, v128 } from '../assembler/instructions.ts';
import type { FunctionSource } from '../assembler/module.ts';

/**
 * What is summed, x and z being matrices and `centre` one float64 a column:
 * `values`: x; `squares`: (x - centre)^2; `products`: z, and z * (x - centre).
 */
export type Summand = 'values' | 'squares' | 'products';

/**
 * `quads`: ceil(columns / 4). `centre` and `sums` hold 4 float64 a quad, those past the last column without a meaning;
 * `products` writes a second such block behind the first.
 */
export type ColumnSumsRun = (
  quads: number,
  rows: number,
  rowBytes: number,
  x: number,
  z: number,
  centre: number,
  sums: number,
) => void;

const QUAD = 16;
/** Bytes of 4 float64. */
const WIDE = 32;
const PARAMETERS = ['i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32'] as const;

/** The functions of a module that exports `run: ColumnSumsRun`. */
export function emitColumnSumsKernel(summand: Summand): FunctionSource[] {
  // As many columns at a time as keep their sums in registers.
  const widths = summand === 'products' ? [2, 1] : [4, 1];
  return [...widths.map((quads) => emitChunk(summand, quads)), emitRun(widths)];
}

/** Two neighbouring values of a row. */
const wide = (matrix: Local, half: number): Code => f64x2.promoteLow(v128.load64Splat(matrix.get, 8 * half));

/** All rows of `quads` quads. */
function emitChunk(summand: Summand, quads: number): FunctionSource {
  const scope = new Scope(PARAMETERS);
  const [secondSums, rows, rowBytes, x, z, centre, sums] = scope.arguments();
  const halves = Array.from({ length: 2 * quads }, (_, half) => half);
  const first = halves.map(() => scope.local('v128'));
  const second = summand === 'products' ? halves.map(() => scope.local('v128')) : [];
  const [value, other] = scope.many('v128', 2);

  const centred = (half: number): Code => f64x2.sub(wide(x, half), v128.load(centre.get, 16 * half));
  const add = (half: number): Code => {
    if (summand === 'values') return first[half].set(f64x2.add(first[half].get, wide(x, half)));
    if (summand === 'squares') {
      return sequence(
        value.set(centred(half)),
        first[half].set(f64x2.add(first[half].get, f64x2.mul(value.get, value.get))),
      );
    }
    return sequence(
      value.set(wide(z, half)),
      other.set(centred(half)),
      first[half].set(f64x2.add(first[half].get, value.get)),
      second[half].set(f64x2.add(second[half].get, f64x2.mul(value.get, other.get))),
    );
  };
  const matrices = summand === 'products' ? [x, z] : [x];
  const body = sequence(
    repeat(
      rows,
      sequence(...halves.map(add), ...matrices.map((matrix) => matrix.set(i32.add(matrix.get, rowBytes.get)))),
    ),
    ...first.map((sum, half) => v128.store(sums.get, sum.get, 16 * half)),
    ...second.map((sum, half) => v128.store(secondSums.get, sum.get, 16 * half)),
  );
  return { scope, body };
}

function emitRun(widths: readonly number[]): FunctionSource {
  const scope = new Scope(PARAMETERS);
  const [quads, rows, rowBytes, x, z, centre, sums] = scope.arguments();
  const secondSums = scope.local('i32');
  const chunks = widths.map((width, index) =>
    repeat(
      quads,
      sequence(
        call(index, ...[secondSums, rows, rowBytes, x, z, centre, sums].map((argument) => argument.get)),
        ...[x, z].map((pointer) => advance(pointer, QUAD * width)),
        ...[centre, sums, secondSums].map((pointer) => advance(pointer, WIDE * width)),
      ),
      width,
    ),
  );
  const body = sequence(secondSums.set(i32.add(sums.get, i32.mul(quads.get, i32.constant(WIDE)))), ...chunks);
  return { scope, body, name: 'run' };
}
