/** Batch normalisation with given moments: y = (x - mean) * factor + offset, per channel, one pass. */
import { advance, repeat, Scope, sequence, when } from '../assembler/control.ts';
import { f32x4, i32, v128 } from '../assembler/instructions.ts';
import type { FunctionSource } from '../assembler/module.ts';

/** x and y are [rows, columns]; mean, factor and offset are [columns]. */
export type NormalizationRun = (
  x: number,
  y: number,
  rows: number,
  columns: number,
  mean: number,
  factor: number,
  offset: number,
) => void;

const VECTOR = 16;

/** The function of a module that exports `run: NormalizationRun`. */
export function emitNormalizationKernel(): FunctionSource[] {
  const scope = new Scope(['i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32']);
  const [x, y, rows, columns, mean, factor, offset] = scope.arguments();
  const [left, m, f, o] = scope.many('i32', 4);
  const value = scope.local('v128');
  const centred = f32x4.sub(v128.load(x.get), v128.load(m.get));
  const compute = value.set(f32x4.add(f32x4.mul(centred, v128.load(f.get)), v128.load(o.get)));
  const whole = sequence(
    compute,
    v128.store(y.get, value.get),
    ...[x, y, m, f, o].map((pointer) => advance(pointer, VECTOR)),
  );
  const ragged = [0, 1, 2].map((lane) =>
    when(i32.greater(left.get, i32.constant(lane)), v128.storeLane(y.get, value.get, lane, 4 * lane)),
  );
  const lastBytes = i32.mul(left.get, i32.constant(4));
  const body = repeat(
    rows,
    sequence(
      m.set(mean.get),
      f.set(factor.get),
      o.set(offset.get),
      left.set(i32.shiftRight(columns.get, 2)),
      repeat(left, whole),
      left.set(i32.and(columns.get, i32.constant(3))),
      when(
        left.get,
        sequence(compute, ...ragged, ...[x, y].map((pointer) => pointer.set(i32.add(pointer.get, lastBytes)))),
      ),
    ),
  );
  return [{ scope, body, name: 'run' }];
}
