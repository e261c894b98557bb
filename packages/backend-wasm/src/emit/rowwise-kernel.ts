/**
 * Kernels that go once over [rows, columns]: each value of the result comes of the values at the same place of up to two other
 * matrices, and of values per column.
 */
import { advance, type Local, repeat, Scope, sequence, when } from '../assembler/control.ts';
import type { Code } from '../assembler/encoding.ts';
import { i32, v128 } from '../assembler/instructions.ts';
import type { FunctionSource } from '../assembler/module.ts';

export interface RowwiseKernel {
  /** [rows, columns] each. */
  readonly matrices: number;
  /** [columns] each. */
  readonly vectors: number;
  /** 4 values of the result, from 4 of each operand; an operand is a load: used twice, it is read twice. */
  readonly compute: (matrices: readonly Code[], vectors: readonly Code[]) => Code;
}

const VECTOR = 16;
const load = (pointer: Local): Code => v128.load(pointer.get);

/**
 * The function of a module that exports `run(rows, columns, result, ...matrices, ...vectors)`, addresses from `result` on. The
 * result may be one of the matrices.
 */
export function emitRowwiseKernel({ matrices, vectors, compute }: RowwiseKernel): FunctionSource[] {
  const scope = new Scope(Array.from({ length: 3 + matrices + vectors }, () => 'i32'));
  const [rows, columns, result, ...operands] = scope.arguments();
  const streams = operands.slice(0, matrices);
  const starts = operands.slice(matrices);
  const left = scope.local('i32');
  const places = scope.many('i32', vectors);
  const value = scope.local('v128');
  const computed = value.set(compute(streams.map(load), places.map(load)));
  const whole = sequence(
    computed,
    v128.store(result.get, value.get),
    ...[result, ...streams, ...places].map((pointer) => advance(pointer, VECTOR)),
  );
  const ragged = [0, 1, 2].map((lane) =>
    when(i32.greater(left.get, i32.constant(lane)), v128.storeLane(result.get, value.get, lane, 4 * lane)),
  );
  const lastBytes = i32.mul(left.get, i32.constant(4));
  const body = repeat(
    rows,
    sequence(
      ...places.map((place, i) => place.set(starts[i].get)),
      left.set(i32.shiftRight(columns.get, 2)),
      repeat(left, whole),
      left.set(i32.and(columns.get, i32.constant(3))),
      when(
        left.get,
        sequence(
          computed,
          ...ragged,
          ...[result, ...streams].map((pointer) => pointer.set(i32.add(pointer.get, lastBytes))),
        ),
      ),
    ),
  );
  return [{ scope, body, name: 'run' }];
}
