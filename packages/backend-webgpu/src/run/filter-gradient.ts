/** From a filter-gradient call to its shader, and to a second one where positions were divided among workgroups. */
import { type FilterGradientCall, pointwiseShape, spatialShape } from '@hetconv/core';
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { ADD_PARTS, filterGradientText, rowsPerGroup } from '../wgsl/filter-gradient.ts';
import { tileChannels } from '../wgsl/shape.ts';
import { uniformsOf } from '../wgsl/uniforms.ts';
import type { FilterVariant } from '../variants.ts';
import { emptyTensor, isEmpty, zeros } from './constant.ts';
import { runShader } from './program.ts';

/** Workgroups that keep a GPU busy; positions are divided until there are as many. */
const BUSY_GROUPS = 128;
/** Rows of positions below which dividing them further costs more than it brings. */
const LEAST_ROWS = 4;
/** Partial sums take at most this many elements. */
const MOST_PARTIAL_ELEMENTS = 2 ** 24;

export function runFilterGradient(variant: FilterVariant, call: FilterGradientCall<WebGPUBackend>): TensorInfo {
  const { backend, plan, x, dy } = call;
  const { shape, pass } = variant;
  const isRing = pass === 'spatialGradient';
  const goal = isRing ? spatialShape(plan) : pointwiseShape(plan);
  if (shape === undefined || isEmpty(goal)) return emptyTensor(backend, goal);
  if (isEmpty(x.shape) || isEmpty(dy.shape)) return zeros(backend, goal);

  const taps = isRing ? plan.ringTaps : 1;
  const rows = isRing ? plan.depth : plan.inChannels;
  const elements = taps * rows * plan.outChannels;
  const tileRows = shape.tile.down * shape.tile.positionsPerThread * rowsPerGroup(shape.ring);
  const tiles = taps * Math.ceil(rows / tileRows) * Math.ceil(plan.outChannels / tileChannels(shape.tile));
  const parts = partsOf(plan.batch * plan.outHeight, tiles, elements);
  const shader = {
    key: `filterGradient-${shape.ring}-${shape.lanes}`, // `pointwise` and `spatial` at P = 1 share a text
    text: () => filterGradientText(shape),
    lanes: shape.lanes,
    threads: shape.tile.across * shape.tile.down,
    groups: tiles * parts,
    inputs: { source: x, dy },
    uniforms: uniformsOf(plan, false, [taps, rows, parts, isRing ? 1 : 0]),
  };
  if (parts === 1) return runShader(backend, shader, goal);
  const partial = runShader(backend, shader, [parts, ...goal]);
  try {
    return addParts(backend, partial, parts, elements, goal, call);
  } finally {
    backend.disposeData(partial.dataId);
  }
}

function partsOf(outputRows: number, tiles: number, elements: number): number {
  const wanted = Math.ceil(BUSY_GROUPS / tiles);
  const useful = Math.floor(outputRows / LEAST_ROWS);
  return Math.max(1, Math.min(wanted, useful, Math.floor(MOST_PARTIAL_ELEMENTS / elements)));
}

function addParts(
  backend: WebGPUBackend,
  partial: TensorInfo,
  parts: number,
  elements: number,
  goal: number[],
  { plan }: FilterGradientCall<WebGPUBackend>,
): TensorInfo {
  const shader = {
    key: 'addParts',
    text: () => ADD_PARTS,
    lanes: 'scalar' as const,
    threads: 64,
    groups: Math.ceil(elements / 64),
    inputs: { parts: partial },
    uniforms: uniformsOf(plan, false, [elements, 0, parts]),
  };
  return runShader(backend, shader, goal);
}
