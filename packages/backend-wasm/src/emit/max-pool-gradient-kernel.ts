/** The gradient of max pooling over a row of windows of one size: dy goes to the first value of each window that is its maximum. */
import { advance, type Local, repeat, Scope, sequence, when } from '../assembler/control.ts';
import type { Code } from '../assembler/encoding.ts';
import { f32x4, i32, v128 } from '../assembler/instructions.ts';
import type { FunctionSource } from '../assembler/module.ts';

/**
 * x and dx point at the first window's first pixel, y and dy at the first result; windows are `step` bytes apart, rows of a window
 * `rowBytes`. Adds to dx.
 */
export type MaxPoolGradientRun = (
  windows: number,
  channels: number,
  x: number,
  dx: number,
  y: number,
  dy: number,
  step: number,
  rowBytes: number,
) => void;

const VECTOR = 16;

/** The function of a module that exports `run: MaxPoolGradientRun`, written out for windows of `rows` x `columns`. */
export function emitMaxPoolGradientKernel(rows: number, columns: number): FunctionSource[] {
  const scope = new Scope(['i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32']);
  const [windows, channels, x, dx, y, dy, step, rowBytes] = scope.arguments();
  const [left, from, to, value, target, pixelBytes] = scope.many('i32', 6);
  const [maximum, gradient, open, sum] = scope.many('v128', 4);

  const isMaximum = v128.and(open.get, f32x4.eq(v128.load(value.get), maximum.get));
  const visit = (store: Code): Code =>
    sequence(
      sum.set(isMaximum),
      open.set(v128.andNot(open.get, sum.get)),
      sum.set(f32x4.add(v128.load(target.get), v128.and(gradient.get, sum.get))),
      store,
    );
  /** The 4 channels at which the pointers stand. */
  const vector = (store: Code): Code =>
    sequence(
      maximum.set(v128.load(y.get)),
      gradient.set(v128.load(dy.get)),
      open.set(v128.ones),
      ...Array.from({ length: rows * columns }, (_, tap) => {
        const place = (pointer: Local, base: Local): Code => {
          if (tap === 0) return pointer.set(base.get);
          const right = i32.add(pointer.get, pixelBytes.get);
          if (tap % columns !== 0) return pointer.set(right);
          const down = i32.mul(rowBytes.get, i32.constant(tap / columns));
          return pointer.set(i32.add(base.get, down));
        };
        return sequence(place(value, from), place(target, to), visit(store));
      }),
    );
  const ragged = sequence(
    ...[0, 1, 2].map((lane) =>
      when(i32.greater(left.get, i32.constant(lane)), v128.storeLane(target.get, sum.get, lane, 4 * lane)),
    ),
  );
  const lastBytes = i32.mul(left.get, i32.constant(4));
  const body = sequence(
    pixelBytes.set(i32.mul(channels.get, i32.constant(4))),
    repeat(
      windows,
      sequence(
        from.set(x.get),
        to.set(dx.get),
        left.set(i32.shiftRight(channels.get, 2)),
        repeat(
          left,
          sequence(
            vector(v128.store(target.get, sum.get)),
            ...[from, to, y, dy].map((pointer) => advance(pointer, VECTOR)),
          ),
        ),
        left.set(i32.and(channels.get, i32.constant(3))),
        when(
          left.get,
          sequence(vector(ragged), ...[y, dy].map((pointer) => pointer.set(i32.add(pointer.get, lastBytes)))),
        ),
        ...[x, dx].map((pointer) => pointer.set(i32.add(pointer.get, step.get))),
      ),
    ),
  );
  return [{ scope, body, name: 'run' }];
}
