/**
 * The tfjs backend 'cuda': tensors in device memory. Kernels are registered in src/ops and src/hetconv; here is what they stand on.
 * A bool tensor is kept as the 32-bit ints 0 and 1; strings stay on the host.
 */
import { UnsupportedError } from '@hetconv/core';
import {
  backend_util,
  type BackendTimingInfo,
  type BackendValues,
  type DataId,
  DataStorage,
  type DataType,
  engine,
  KernelBackend,
  type TensorInfo,
  type TypedArray,
  util,
} from '@tensorflow/tfjs-core';
import type { KernelArguments, KernelName } from './device/arguments.ts';
import { Device } from './device/device.ts';
import type { Extent } from './device/launcher.ts';
import type { Block } from './device/memory-pool.ts';
import type { Handle } from './driver/api.ts';
import { type CudaOptions, currentOptions } from './options.ts';
import { fromWords, toWords } from './words.ts';

/** What is kept of a data id. */
interface Stored {
  /** Absent for no elements, for strings and for complex numbers. */
  readonly block?: Block;
  readonly strings?: BackendValues;
  readonly complex?: Complex;
  readonly dtype: DataType;
  readonly size: number;
  refCount: number;
}

/** A complex64 tensor is two float32 tensors. No kernel of this backend computes with it. */
interface Complex {
  readonly real: TensorInfo;
  readonly imag: TensorInfo;
}

const THREADS = 256;
/** Blocks of an elementwise kernel for each multiprocessor: enough to hide latency, few enough to start quickly. */
const BLOCKS_EACH = 16;

/** Elements are counted in 32 bits on the device. */
const MOST_ELEMENTS = 2 ** 31 - 1;

export class CudaBackend extends KernelBackend {
  readonly device: Device;
  readonly #data: DataStorage<Stored>;
  /** What the kernel that is running has made so far. */
  #made: DataId[] | undefined;

  /** @throws UnsupportedError where there is no driver, no device, or too old a one */
  constructor(options: CudaOptions = currentOptions()) {
    super();
    this.device = new Device(options);
    this.#data = new DataStorage<Stored>(this, engine());
  }

  /** Runs a kernel; where it throws, as for lack of memory, nothing is left of what it has made. */
  attempt<T>(kernel: () => T): T {
    const outer = this.#made;
    const made: DataId[] = [];
    this.#made = made;
    try {
      return kernel();
    } catch (error) {
      for (const dataId of made) this.disposeData(dataId, true);
      throw error;
    } finally {
      this.#made = outer;
    }
  }

  /** A new tensor whose elements are not defined yet. */
  allocate(shape: readonly number[], dtype: DataType): TensorInfo {
    const dataId = {};
    this.#data.set(dataId, this.#store(util.sizeFromShape([...shape]), dtype));
    this.#made?.push(dataId);
    return { dataId, shape: [...shape], dtype };
  }

  /** The same data under another shape. */
  alias(x: TensorInfo, shape: readonly number[]): TensorInfo {
    this.incRef(x.dataId);
    return { dataId: x.dataId, shape: [...shape], dtype: x.dtype };
  }

  /** The same words as a tensor of another type. */
  copyOf(x: TensorInfo, dtype: DataType): TensorInfo {
    const y = this.allocate(x.shape, dtype);
    const { size } = this.#data.get(x.dataId);
    if (size > 0) this.device.copy(this.pointer(y), this.pointer(x), 4 * size);
    return y;
  }

  /** A complex64 tensor that holds on to its two parts. */
  makeComplex(real: TensorInfo, imag: TensorInfo): TensorInfo {
    const dataId = {};
    const complex = { real: this.alias(real, real.shape), imag: this.alias(imag, imag.shape) };
    this.#data.set(dataId, { complex, dtype: 'complex64', size: util.sizeFromShape(real.shape), refCount: 1 });
    return { dataId, shape: real.shape, dtype: 'complex64' };
  }

  /** The parts of a complex64 tensor, which owns them. */
  partsOf(x: TensorInfo): Complex {
    const { complex } = this.#data.get(x.dataId);
    if (complex === undefined) throw new UnsupportedError(`A complex64 tensor was wanted, but one was ${x.dtype}.`);
    return complex;
  }

  makeTensor(shape: readonly number[], dtype: DataType, values: BackendValues): TensorInfo {
    return { dataId: this.write(values, [...shape], dtype), shape: [...shape], dtype };
  }

  /** Where a tensor's words begin; 0 for a tensor without elements, and for none at all. */
  pointer(x: TensorInfo | null | undefined): Handle {
    return x == null ? 0 : (this.#data.get(x.dataId).block?.pointer ?? 0);
  }

  launch<K extends KernelName>(kernel: K, grid: Extent, block: Extent, ...values: KernelArguments<K>): void {
    this.device.launcher.launch(kernel, grid, block, ...values);
  }

  /** Launches a kernel that walks over `count` elements; none, no launch. */
  launchOver<K extends KernelName>(kernel: K, count: number, ...values: KernelArguments<K>): void {
    if (count === 0) return;
    const blocks = Math.min(Math.ceil(count / THREADS), BLOCKS_EACH * this.device.multiprocessors);
    this.device.launcher.launch(kernel, [blocks], [THREADS], ...values);
  }

  /** Frees a tensor that a kernel has made on its way. */
  release(x: TensorInfo): void {
    this.disposeData(x.dataId);
  }

  override write(values: BackendValues, shape: number[], dtype: DataType): DataId {
    const dataId = {};
    this.move(dataId, values, shape, dtype, 1);
    return dataId;
  }

  override move(dataId: DataId, values: BackendValues, shape: number[], dtype: DataType, refCount: number): void {
    if (dtype === 'string') {
      this.#data.set(dataId, { strings: values, dtype, size: util.sizeFromShape(shape), refCount });
      return;
    }
    const stored = this.#store(util.sizeFromShape(shape), dtype, refCount);
    if (stored.block !== undefined && values != null) {
      this.device.upload(stored.block.pointer, toWords(values as TypedArray, dtype));
    }
    this.#data.set(dataId, stored);
  }

  override readSync(dataId: DataId): BackendValues {
    const stored = this.#data.get(dataId);
    if (stored.strings !== undefined) return stored.strings;
    if (stored.complex !== undefined) return this.#interleaved(stored.complex);
    if (stored.block !== undefined) this.device.synchronize();
    return this.#download(stored);
  }

  /** Does not block: the event loop goes on while the device computes. */
  override async read(dataId: DataId): Promise<BackendValues> {
    const stored = this.#data.get(dataId);
    if (stored.block === undefined) return this.readSync(dataId);
    const { events, memory } = this.device;
    memory.retain(stored.block); // the tensor may be disposed meanwhile
    const event = events.record();
    try {
      await events.reached(event);
      return this.#download(stored);
    } finally {
      events.release(event);
      memory.release(stored.block);
    }
  }

  override disposeData(dataId: DataId, force = false): boolean {
    if (!this.#data.has(dataId)) return true;
    const stored = this.#data.get(dataId);
    stored.refCount--;
    if (!force && stored.refCount > 0) return false;
    if (stored.block !== undefined) this.device.memory.release(stored.block);
    if (stored.complex !== undefined) {
      this.release(stored.complex.real);
      this.release(stored.complex.imag);
    }
    this.#data.delete(dataId);
    return true;
  }

  override refCount(dataId: DataId): number {
    return this.#data.has(dataId) ? this.#data.get(dataId).refCount : 0;
  }

  override incRef(dataId: DataId): void {
    this.#data.get(dataId).refCount++;
  }

  override numDataIds(): number {
    return this.#data.numDataIds();
  }

  override memory(): { unreliable: boolean; numBytesInGPU: number; numBytesInGPUAllocated: number } {
    const { bytesInUse, bytesAllocated } = this.device.memory.figures();
    return { unreliable: false, numBytesInGPU: bytesInUse, numBytesInGPUAllocated: bytesAllocated };
  }

  override timerAvailable(): boolean {
    return true;
  }

  /** Time on the device, from the first to the last kernel of `f`. */
  override async time(f: () => void): Promise<BackendTimingInfo> {
    const { events } = this.device;
    const marks = [events.record()];
    try {
      f();
      marks.push(events.record());
      await events.reached(marks[1]);
      return { kernelMs: events.millisecondsBetween(marks[0], marks[1]) };
    } finally {
      for (const mark of marks) events.release(mark);
    }
  }

  override floatPrecision(): 16 | 32 {
    return 32;
  }

  override epsilon(): number {
    return 1e-7;
  }

  override dispose(): void {
    this.device.dispose();
  }

  #interleaved({ real, imag }: Complex): Float32Array {
    const parts = [real, imag].map(({ dataId }) => this.readSync(dataId) as Float32Array);
    return backend_util.mergeRealAndImagArrays(parts[0], parts[1]);
  }

  #store(size: number, dtype: DataType, refCount = 1): Stored {
    if (dtype !== 'float32' && dtype !== 'int32' && dtype !== 'bool') {
      throw new UnsupportedError(
        `The cuda backend holds float32, int32, bool, string and complex64 tensors, but was given ${dtype}.`,
      );
    }
    if (size > MOST_ELEMENTS) {
      throw new UnsupportedError(
        `The cuda backend holds tensors of at most ${MOST_ELEMENTS} elements, but one has ${size}.`,
      );
    }
    if (size === 0) return { dtype, size, refCount };
    const block = this.device.memory.take(4 * size, `a ${dtype} tensor of ${size} elements`);
    return { block, dtype, size, refCount };
  }

  #download({ block, dtype, size }: Stored): TypedArray {
    const words = dtype === 'float32' ? new Float32Array(size) : new Int32Array(size);
    if (block !== undefined) this.device.download(block.pointer, words);
    return fromWords(words, dtype);
  }
}
