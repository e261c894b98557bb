/**
 * What tfjs-node's native addon gives its JavaScript (tfjs_binding.d.ts of the package), without TensorFlow: tensors by number, and
 * operations computed in JavaScript. It checks what TensorFlow checks: names and types of attributes, shapes, what a device can do.
 */
import type { Attribute } from '../../src/backend.ts';
import { ATTRIBUTE_TYPES, readAttributes } from './attributes.ts';
import { CONVOLUTIONS } from './convolutions.ts';
import { STOCK } from './stock.ts';
import { type Data, refuse, sizeOf, TYPES, type Value } from './tensor.ts';

const OPERATIONS = { ...STOCK, ...CONVOLUTIONS };

export interface StandIn {
  /** Operations done so far, by name. */
  readonly calls: ReadonlyMap<string, number>;
  getNumOfTensors(): number;
}

/** @param isGpu what it says of its device; the numbers are the same */
export function createStandIn(isGpu: boolean): StandIn {
  const tensors = new Map<number, Value>();
  const calls = new Map<string, number>();
  let next = 0;
  const keep = (value: Value): number => {
    tensors.set(next, value);
    return next++;
  };
  const get = (id: number): Value => tensors.get(id) ?? refuse(`there is no tensor ${id}`);
  return {
    ...TYPES,
    ...ATTRIBUTE_TYPES,
    TF_Version: 'a stand-in',
    calls,
    isUsingGpuDevice: () => isGpu,
    getNumOfTensors: () => tensors.size,

    createTensor(shape: number[], dtype: number, data: Data): number {
      if (data.length !== sizeOf(shape)) refuse('Shape does not match typed-array');
      return keep({ shape: [...shape], dtype, data: data.slice() });
    },

    deleteTensor(id: number): void {
      if (!tensors.delete(id)) refuse(`tensor ${id} is deleted twice`);
    },

    tensorDataSync: (id: number): Data => get(id).data.slice(),

    executeOp(name: string, attributes: readonly Attribute[], ids: readonly number[], outputs: number): object[] {
      calls.set(name, (calls.get(name) ?? 0) + 1);
      const operation = OPERATIONS[name] ?? refuse(`the stand-in has no operation ${name}`);
      if (outputs !== 1) refuse(`${name} has one output, not ${outputs}`);
      const values = readAttributes(name, operation.attributes, attributes);
      const result = operation.run(ids.map(get), values, { isGpu });
      return [{ id: keep(result), shape: [...result.shape], dtype: result.dtype }];
    },
  } as StandIn;
}
