/** Copies rows of bytes from one stride to another: what Slice and PadV2 are made of. */
import { advance, repeat, Scope, sequence } from '../assembler/control.ts';
import { i32, v128 } from '../assembler/instructions.ts';
import type { FunctionSource } from '../assembler/module.ts';

/** `length` values of 4 bytes in each of `count` rows; strides in bytes. */
export type CopyRun = (
  count: number,
  length: number,
  from: number,
  fromStride: number,
  to: number,
  toStride: number,
) => void;

/** The function of a module that exports `run: CopyRun`. */
export function emitCopyKernel(): FunctionSource[] {
  const scope = new Scope(['i32', 'i32', 'i32', 'i32', 'i32', 'i32']);
  const [count, length, from, fromStride, to, toStride] = scope.arguments();
  const [left, source, target] = scope.many('i32', 3);
  const body = repeat(
    count,
    sequence(
      source.set(from.get),
      target.set(to.get),
      left.set(length.get),
      repeat(
        left,
        sequence(v128.store(target.get, v128.load(source.get)), advance(source, 16), advance(target, 16)),
        4,
      ),
      repeat(left, sequence(i32.store(target.get, i32.load(source.get)), advance(source, 4), advance(target, 4))),
      from.set(i32.add(from.get, fromStride.get)),
      to.set(i32.add(to.get, toStride.get)),
    ),
  );
  return [{ scope, body, name: 'run' }];
}
