/** Activations that are more than a clamp, in place over y: one pass behind the sum. Semantics of tfjs's cpu kernels. */
import { advance, type Local, repeat, Scope, sequence, when } from '../assembler/control.ts';
import type { Code } from '../assembler/encoding.ts';
import { f32x4, f64x2, i32, v128 } from '../assembler/instructions.ts';
import type { FunctionSource } from '../assembler/module.ts';
import { expm1 } from './exponential.ts';

export type CurvedActivation = 'prelu' | 'leakyrelu' | 'elu' | 'sigmoid';

/** y is [rows, columns]; `slopes` is [columns] for 'prelu', `slope` serves 'leakyrelu'. */
export type ActivationRun = (y: number, rows: number, columns: number, slopes: number, slope: number) => void;

const VECTOR = 16;

/** The function of a module that exports `run: ActivationRun`. */
export function emitActivationKernel(activation: CurvedActivation): FunctionSource[] {
  const scope = new Scope(['i32', 'i32', 'i32', 'i32', 'f32']);
  const [y, rows, columns, slopes, slope] = scope.arguments();
  const [left, at] = scope.many('i32', 2);
  const value = scope.local('v128');
  const slopeVector = activation === 'prelu' ? v128.load(at.get) : f32x4.splat(slope.get);
  const activate = sequence(value.set(v128.load(y.get)), curve(activation, scope, value, slopeVector));
  const whole = sequence(activate, v128.store(y.get, value.get), advance(y, VECTOR), advance(at, VECTOR));
  const ragged = [0, 1, 2].map((lane) =>
    when(i32.greater(left.get, i32.constant(lane)), v128.storeLane(y.get, value.get, lane, 4 * lane)),
  );
  const lastColumns = i32.and(columns.get, i32.constant(3));
  const body = repeat(
    rows,
    sequence(
      at.set(slopes.get),
      left.set(i32.shiftRight(columns.get, 2)),
      repeat(left, whole),
      left.set(lastColumns),
      when(left.get, sequence(activate, ...ragged, y.set(i32.add(y.get, i32.mul(left.get, i32.constant(4)))))),
    ),
  );
  return [{ scope, body, name: 'run' }];
}

function curve(activation: CurvedActivation, scope: Scope, value: Local, slope: Code): Code {
  const isNegative = f32x4.less(value.get, v128.zero);
  if (activation === 'prelu' || activation === 'leakyrelu') {
    return value.set(v128.select(f32x4.mul(value.get, slope), value.get, isNegative));
  }
  if (activation === 'elu') {
    const { code, result } = byHalves(scope, value.get, (half) => expm1(scope, half));
    return sequence(code, value.set(v128.select(result, value.get, isNegative)));
  }
  const { code, result } = byHalves(scope, value.get, (half) =>
    sequence(
      half.set(f64x2.sub(f64x2.constant(0), half.get)),
      expm1(scope, half),
      half.set(f64x2.div(f64x2.constant(1), f64x2.add(half.get, f64x2.constant(2)))),
    ),
  );
  return sequence(code, value.set(result));
}

/** Applies `change` to the 4 values in double precision, two by two. */
function byHalves(scope: Scope, value: Code, change: (half: Local) => Code): { code: Code; result: Code } {
  const [low, high] = scope.many('v128', 2);
  const upper = v128.shuffle(value, value, [8, 9, 10, 11, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15]);
  const code = sequence(low.set(f64x2.promoteLow(value)), change(low), high.set(f64x2.promoteLow(upper)), change(high));
  const lowHalves = [0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23];
  return { code, result: v128.shuffle(f32x4.demote(low.get), f32x4.demote(high.get), lowHalves) };
}
