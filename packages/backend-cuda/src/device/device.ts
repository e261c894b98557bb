/** One GPU: its context, its one stream, copies to and from it, and what is known of it. Tensors are the backend's business. */
import { UnsupportedError } from '@hetconv/core';
import type { DriverApi, Handle, Out } from '../driver/api.ts';
import { type Driver, openDriver } from '../driver/library.ts';
import { errorOf, SUCCESS } from '../driver/result.ts';
import type { CudaOptions } from '../options.ts';
import { Events } from './events.ts';
import { Launcher } from './launcher.ts';
import { MemoryPool } from './memory-pool.ts';

/** CUDA 11.0, the first that takes the PTX version of the kernels: NVIDIA driver 450 of 2020. */
const LEAST_DRIVER = 11000;
/** Turing, the oldest architecture that the PTX is for. */
const LEAST_CAPABILITY = 7.5;

/** CUdevice_attribute */
const CLOCK_KHZ = 13;
const MULTIPROCESSORS = 16;
const MEMORY_CLOCK_KHZ = 36;
const MEMORY_BUS_BITS = 37;
const L2_BYTES = 38;
const CAPABILITY_MAJOR = 75;
const CAPABILITY_MINOR = 76;

/** The stream does not wait for the default stream, nor that for it. */
const NON_BLOCKING = 1;

const NAME_BYTES = 256;

/** What a report says of a device. */
export interface DeviceFacts {
  readonly name: string;
  /** E.g. 9 for Hopper, 7.5 for Turing. */
  readonly computeCapability: number;
  readonly multiprocessors: number;
  readonly memoryBytes: number;
  /** The highest clock of the multiprocessors; as the three after it, 0 where the driver does not tell. */
  readonly clockMHz: number;
  readonly memoryClockMHz: number;
  readonly memoryBusBits: number;
  readonly l2Bytes: number;
  /** CUDA version of the driver, e.g. '12.4'. */
  readonly driver: string;
}

export class Device {
  readonly facts: DeviceFacts;
  readonly memory: MemoryPool;
  readonly launcher: Launcher;
  readonly events: Events;
  readonly #api: DriverApi;
  readonly #ordinal: number;
  readonly #stream: Handle;

  /** @throws UnsupportedError where there is no driver, too old a one, or no such device */
  constructor(options: CudaOptions) {
    const driver = openDriver(options.library);
    this.#api = driver.api;
    this.#check(this.#api.cuInit(0), 'starting the driver');
    const version = this.#read((out) => this.#api.cuDriverGetVersion(out), 'asking for the version');
    if (version < LEAST_DRIVER) throw tooOld(version);
    this.#ordinal = this.#find(options.device ?? 0);
    this.facts = this.#describe(driver, version);
    const context = this.#read((out) => this.#api.cuDevicePrimaryCtxRetain(out, this.#ordinal), 'taking the device');
    this.#check(this.#api.cuCtxSetCurrent(context), 'taking the device');
    this.#stream = this.#read((out) => this.#api.cuStreamCreate(out, NON_BLOCKING), 'creating a stream');
    this.memory = new MemoryPool(this.#api, options.memory ?? 'pooled');
    this.launcher = new Launcher(driver, this.#stream);
    this.events = new Events(this.#api, this.#stream, (code, what) => this.#check(code, what));
  }

  /** How many blocks it takes to use all of the device: grids and chunks are sized by it. */
  get multiprocessors(): number {
    return this.facts.multiprocessors;
  }

  /** Copies to the device, in the order of the stream. The values may change as soon as this returns. */
  upload(to: Handle, values: ArrayBufferView): void {
    this.#check(this.#api.cuMemcpyHtoDAsync(to, values, values.byteLength, this.#stream), 'an upload');
  }

  copy(to: Handle, from: Handle, bytes: number): void {
    this.#check(this.#api.cuMemcpyDtoDAsync(to, from, bytes, this.#stream), 'a copy');
  }

  /** Sets `count` 32-bit words. */
  fill(to: Handle, word: number, count: number): void {
    this.#check(this.#api.cuMemsetD32Async(to, word, count, this.#stream), 'filling memory');
  }

  /** Copies from the device what is there now: wait for the stream, or for an event, before. */
  download(from: Handle, values: ArrayBufferView): void {
    this.#check(this.#api.cuMemcpyDtoH(values, from, values.byteLength), 'a download');
  }

  /** Blocks until the stream is empty. */
  synchronize(): void {
    this.#check(this.#api.cuStreamSynchronize(this.#stream), 'waiting for the device');
    this.launcher.forgetSuspects();
  }

  /** Gives everything back. The device may be taken again afterwards. */
  dispose(): void {
    this.events.dispose();
    this.launcher.dispose();
    this.memory.trim();
    this.#api.cuStreamDestroy(this.#stream);
    this.#api.cuDevicePrimaryCtxRelease(this.#ordinal);
  }

  #find(ordinal: number): number {
    const count = this.#read((out) => this.#api.cuDeviceGetCount(out), 'counting devices');
    if (!Number.isInteger(ordinal) || ordinal < 0 || ordinal >= count) {
      const has = count === 0 ? 'finds no GPU' : `has ${count} of them, numbered from 0`;
      throw new UnsupportedError(`The cuda backend was asked for GPU ${ordinal}, but the NVIDIA driver ${has}.`);
    }
    return this.#read((out) => this.#api.cuDeviceGet(out, ordinal), 'choosing a device');
  }

  #describe(driver: Driver, version: number): DeviceFacts {
    const attribute = (id: number): number =>
      this.#read((out) => driver.api.cuDeviceGetAttribute(out, id, this.#ordinal), 'asking for an attribute');
    const bytes = new Uint8Array(NAME_BYTES);
    this.#check(driver.api.cuDeviceGetName(bytes, NAME_BYTES, this.#ordinal), 'asking for the name');
    const computeCapability = attribute(CAPABILITY_MAJOR) + attribute(CAPABILITY_MINOR) / 10;
    const name = new TextDecoder().decode(bytes.subarray(0, bytes.indexOf(0)));
    if (computeCapability < LEAST_CAPABILITY) {
      throw new UnsupportedError(
        `The cuda backend needs compute capability ${LEAST_CAPABILITY} (Turing, 2018) or newer, but ${name} has ${computeCapability}.`,
      );
    }
    return {
      name,
      computeCapability,
      multiprocessors: attribute(MULTIPROCESSORS),
      memoryBytes: this.#read((out) => driver.api.cuDeviceTotalMem(out, this.#ordinal), 'asking for the memory'),
      clockMHz: attribute(CLOCK_KHZ) / 1e3,
      memoryClockMHz: attribute(MEMORY_CLOCK_KHZ) / 1e3,
      memoryBusBits: attribute(MEMORY_BUS_BITS),
      l2Bytes: attribute(L2_BYTES),
      driver: versionText(version),
    };
  }

  #read(call: (out: Out<number>) => number, what: string): number {
    const out: Out<number> = [0];
    this.#check(call(out), what);
    return out[0];
  }

  #check(code: number, what: string): void {
    if (code !== SUCCESS) throw errorOf(this.#api, code, what, this.launcher?.suspects());
  }
}

function tooOld(version: number): UnsupportedError {
  return new UnsupportedError(
    `The NVIDIA driver is too old: it offers CUDA ${versionText(version)}, and the cuda backend needs ${versionText(LEAST_DRIVER)} ` +
      '(driver 450 or newer). Update the driver; the CUDA toolkit is not needed.',
  );
}

/** The driver says 12040 for 12.4. */
function versionText(version: number): string {
  return `${Math.floor(version / 1000)}.${(version % 1000) / 10}`;
}
