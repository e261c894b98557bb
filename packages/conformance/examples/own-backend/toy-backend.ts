/**
 * A tfjs backend in a page: tensors in a Map, reference counts, and the four stock kernels that HetConv's ops need around its own.
 * For the example; it computes nothing fast.
 */
import {
  type BackendValues,
  type DataId,
  type DataType,
  findBackendFactory,
  type KernelBackend as Backend,
  KernelBackend,
  registerBackend,
  registerKernel,
  type TensorInfo,
  util,
} from '@tensorflow/tfjs-core';

interface Entry {
  readonly values: BackendValues;
  references: number;
}

export class ToyBackend extends KernelBackend {
  readonly #entries = new Map<DataId, Entry>();

  override write(values: BackendValues): DataId {
    const dataId = {};
    this.#entries.set(dataId, { values, references: 1 });
    return dataId;
  }

  override move(dataId: DataId, values: BackendValues, _shape: number[], _dtype: DataType, references: number): void {
    this.#entries.set(dataId, { values, references });
  }

  override readSync(dataId: DataId): BackendValues {
    return this.#entry(dataId).values;
  }

  override read(dataId: DataId): Promise<BackendValues> {
    return Promise.resolve(this.readSync(dataId));
  }

  override refCount(dataId: DataId): number {
    return this.#entries.get(dataId)?.references ?? 0;
  }

  override incRef(dataId: DataId): void {
    this.#entry(dataId).references++;
  }

  /** True where nobody holds the data any more. */
  override disposeData(dataId: DataId, force = false): boolean {
    const entry = this.#entries.get(dataId);
    if (entry === undefined) return true;
    entry.references--;
    if (entry.references > 0 && !force) return false;
    this.#entries.delete(dataId);
    return true;
  }

  override numDataIds(): number {
    return this.#entries.size;
  }

  override memory(): { unreliable: boolean } {
    return { unreliable: false };
  }

  override floatPrecision(): 32 {
    return 32;
  }

  override epsilon(): number {
    return 1e-7;
  }

  override timerAvailable(): boolean {
    return false;
  }

  override dispose(): void {
    this.#entries.clear();
  }

  floats({ dataId }: TensorInfo): Float32Array {
    return this.readSync(dataId) as Float32Array;
  }

  tensor(shape: number[], values: Float32Array): TensorInfo {
    return { dataId: this.write(values), shape, dtype: 'float32' };
  }

  #entry(dataId: DataId): Entry {
    const entry = this.#entries.get(dataId);
    if (entry === undefined) throw new Error('The toy backend does not know this tensor.');
    return entry;
  }
}

/** The same data under another shape: both tensors hold it. */
function view(backend: ToyBackend, { dataId, dtype }: TensorInfo, shape: number[]): TensorInfo {
  backend.incRef(dataId);
  return { dataId, dtype, shape };
}

type StockKernel = (backend: ToyBackend, x: TensorInfo, attributes: Record<string, unknown>) => TensorInfo;

const STOCK_KERNELS: Readonly<Record<string, StockKernel>> = {
  Identity: (backend, x) => view(backend, x, x.shape),

  Reshape: (backend, x, { shape }) =>
    view(backend, x, util.inferFromImplicitShape(shape as number[], util.sizeFromShape(x.shape))),

  Transpose: (backend, x, { perm }) => {
    const order = perm as number[];
    const shape = order.map((axis) => x.shape[axis]);
    const [from, steps] = [backend.floats(x), util.computeStrides(x.shape)];
    const values = Float32Array.from({ length: from.length }, (_, i) => {
      const place = util.indexToLoc(i, shape.length, util.computeStrides(shape));
      return from[order.reduce((at, axis, j) => at + place[j] * (steps[axis] ?? 1), 0)];
    });
    return backend.tensor(shape, values);
  },

  Sum: (backend, x, { axis }) => {
    const axes = util.parseAxisParam(axis as number[], x.shape);
    const shape = x.shape.filter((_, i) => !axes.includes(i));
    const [from, steps] = [backend.floats(x), util.computeStrides(shape)];
    const sums = new Float64Array(util.sizeFromShape(shape));
    for (const [i, value] of from.entries()) {
      const place = util.indexToLoc(i, x.shape.length, util.computeStrides(x.shape));
      const kept = place.filter((_, j) => !axes.includes(j));
      sums[kept.reduce((at, index, j) => at + index * (steps[j] ?? 1), 0)] += value;
    }
    return backend.tensor(shape, Float32Array.from(sums));
  },
};

/** Registers it under a name; twice is a no-op. */
export function registerToyBackend(name = 'toy'): void {
  if (findBackendFactory(name) != null) return;
  registerBackend(name, (): Backend => new ToyBackend());
  for (const [kernelName, run] of Object.entries(STOCK_KERNELS)) {
    registerKernel({
      kernelName,
      backendName: name,
      kernelFunc: ({ inputs, backend, attrs }) =>
        run(backend as ToyBackend, Object.values(inputs)[0] as TensorInfo, attrs ?? {}),
    });
  }
}
