/** Boxes for the device: a shape and where two tensors have its elements, with as few axes as possible. */
import { UnsupportedError } from '@hetconv/core';
import type { BlockValues } from '../device/arguments.ts';

/** MAX_RANK of kernels/common.cuh. */
const MAX_RANK = 8;

export type Box = BlockValues<'Box'>;

/** Distances between neighbours of each axis in a dense tensor. */
export function stridesOf(shape: readonly number[]): number[] {
  const strides = shape.map(() => 1);
  for (let axis = shape.length - 2; axis >= 0; axis--) strides[axis] = strides[axis + 1] * shape[axis + 1];
  return strides;
}

/** The strides of a tensor under a larger shape that it broadcasts to: 0 along axes where it has one element. */
export function broadcastStrides(shape: readonly number[], target: readonly number[]): number[] {
  const strides = stridesOf(shape);
  const missing = target.length - shape.length;
  return target.map((_, axis) => (axis < missing || shape[axis - missing] === 1 ? 0 : strides[axis - missing]));
}

/**
 * @param left strides and offset of the tensor that is read (or of the first operand)
 * @param right of the tensor that is written (or of the second operand)
 * @throws UnsupportedError for more than 8 axes that do not fold into one another
 */
export function boxOf(
  shape: readonly number[],
  left: readonly number[],
  right: readonly number[],
  leftOffset = 0,
  rightOffset = 0,
): Box {
  const folded: { side: number; left: number; right: number }[] = [];
  for (const [axis, side] of shape.entries()) {
    if (side === 1) continue;
    const last = folded.at(-1);
    const folds = last?.left === left[axis] * side && last.right === right[axis] * side;
    if (last !== undefined && folds) {
      last.side *= side;
      last.left = left[axis];
      last.right = right[axis];
    } else {
      folded.push({ side, left: left[axis], right: right[axis] });
    }
  }
  if (folded.length === 0) folded.push({ side: 1, left: 0, right: 0 });
  if (folded.length > MAX_RANK) {
    throw new UnsupportedError(
      `The cuda backend moves boxes of at most ${MAX_RANK} axes, but one has ${folded.length}.`,
    );
  }
  return {
    size: shape.reduce((product, side) => product * side, 1),
    rank: folded.length,
    shape: folded.map(({ side }) => side),
    left: folded.map((axis) => axis.left),
    right: folded.map((axis) => axis.right),
    leftOffset,
    rightOffset,
  };
}
