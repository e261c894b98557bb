/**
 * Runs a shader through tfjs's program interface, so that its command queue, buffer pool and profiler know of it.
 *
 * tfjs puts shapes, their equality and their broadcasting into the key of its pipeline cache and into the shader. Ours
 * read sizes from uniforms only, so each buffer is shown to tfjs under one and the same shape: a text is compiled once.
 */
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { WebGPUBackend, WebGPUProgram } from '@tensorflow/tfjs-backend-webgpu';
import type { Lanes } from '../wgsl/shape.ts';
import { type Uniform, UNIFORMS } from '../wgsl/uniforms.ts';
import { guardReads } from './device.ts';
import { checkLimits } from './limits.ts';

export interface Shader {
  /** All that the text depends on. */
  readonly key: string;
  readonly text: () => string;
  readonly lanes: Lanes;
  /** Threads of a workgroup. */
  readonly threads: number;
  /** Workgroups; their index is `workgroupId.y * numWorkgroups.x + workgroupId.x` and may run past the last. */
  readonly groups: number;
  /** Buffers by the name under which the text reads them. */
  readonly inputs: Readonly<Record<string, TensorInfo>>;
  readonly uniforms: Uniform[];
}

/** Any constant will do: no text reads a shape. */
const SHOWN_SHAPE: readonly number[] = [4];

/**
 * @param shape of the result, not empty
 * @returns a fresh tensor of the backend
 * @throws UnsupportedError where the device's limits are exceeded, before anything is allocated
 */
export function runShader(backend: WebGPUBackend, shader: Shader, shape: number[]): TensorInfo {
  guardReads(backend);
  const components = shader.lanes === 'vec4' ? 4 : 1;
  const names = Object.keys(shader.inputs);
  const tensors = Object.values(shader.inputs);
  const dispatch = checkLimits(backend.device.limits, shader, shape);
  const program: WebGPUProgram = {
    variableNames: names,
    variableComponents: names.map(() => components),
    outputComponent: components,
    outputShape: shape,
    workgroupSize: [shader.threads, 1, 1],
    dispatch,
    dispatchLayout: { x: [0], y: [1] }, // not flat: `main` takes no index
    uniforms: UNIFORMS,
    shaderKey: `hetconv-${shader.key}`,
    getUserCode: shader.text,
  };
  const result = backend.makeTensorInfo(shape, 'float32');
  backend.runWebGPUProgram(program, tensors.map(shown), 'float32', shader.uniforms, shown(result));
  return result;
}

function shown({ dataId, dtype }: TensorInfo): TensorInfo {
  return { dataId, dtype, shape: [...SHOWN_SHAPE] };
}
