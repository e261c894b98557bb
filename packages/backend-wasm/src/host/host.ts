/**
 * The tfjs wasm backend as the place where our kernels live: its memory, its allocator, its tensors.
 * Reaches into what tfjs does not type (the Emscripten module), and says by name what is missing.
 */
import { OutOfMemoryError, UnsupportedError } from '@hetconv/core';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import type { TensorInfo } from '@tensorflow/tfjs-core';

/** What we use of the Emscripten module. The threaded build keeps its memory elsewhere than the others. */
interface EmscriptenModule {
  readonly wasmMemory?: WebAssembly.Memory;
  readonly asm?: { readonly memory?: WebAssembly.Memory };
  readonly _malloc?: (this: void, bytes: number) => number;
  readonly _free?: (this: void, address: number) => void;
}

/**
 * Two requests that must not reach the allocator of tfjs 4.22 (both measured): one of 2 GiB or more is taken for a
 * negative one, and one that would carry the heap past 4 GiB wraps around; both are reported as successes. So a
 * request is made only where the heap could grow by all of it, though a gap inside might have held it.
 */
const MOST_BYTES = 2 ** 31 - 2 ** 16;
const MOST_HEAP = 2 ** 32 - 2 ** 20;

/** One backend instance. Addresses are bytes, unsigned; views die when the memory grows, so none is kept. */
export class Host {
  readonly backend: BackendWasm;
  readonly memory: WebAssembly.Memory;
  /** Whether the memory is shared between threads (the build that tfjs takes in a cross-origin-isolated page). */
  readonly shared: boolean;
  readonly #malloc: (this: void, bytes: number) => number;
  readonly #free: (this: void, address: number) => void;
  #zeros = { address: 0, bytes: 0 };

  constructor(backend: BackendWasm) {
    const module = backend.wasm as EmscriptenModule;
    const memory = module.wasmMemory ?? module.asm?.memory;
    if (!(memory instanceof WebAssembly.Memory)) throw unsupportedHost('memory (wasm.asm.memory or wasm.wasmMemory)');
    const { _malloc: malloc, _free: free } = module;
    if (malloc === undefined || free === undefined) throw unsupportedHost('allocator (wasm._malloc and wasm._free)');
    this.backend = backend;
    this.memory = memory;
    this.shared = !(memory.buffer instanceof ArrayBuffer);
    this.#malloc = malloc;
    this.#free = free;
  }

  floats(): Float32Array {
    return new Float32Array(this.memory.buffer);
  }

  ints(): Int32Array {
    return new Int32Array(this.memory.buffer);
  }

  /** @throws OutOfMemoryError where tfjs itself would write through a null pointer */
  allocate(bytes: number, purpose: string): number {
    const isAskable = bytes <= MOST_BYTES && this.memory.buffer.byteLength + bytes <= MOST_HEAP;
    const address = isAskable ? this.#malloc(Math.max(bytes, 1)) >>> 0 : 0;
    if (address === 0) throw new OutOfMemoryError('wasm', purpose, bytes);
    return address;
  }

  free(address: number): void {
    this.#free(address);
  }

  /** Moves the tensor here first where it lives on another backend: the memory may grow, and views die. */
  addressOf(tensor: TensorInfo): number {
    return this.backend.dataIdMap.get(tensor.dataId).memoryOffset >>> 0;
  }

  /** A new float32 tensor, its values undefined. */
  output(shape: readonly number[]): TensorInfo {
    const bytes = 4 * shape.reduce((product, side) => product * side, 1);
    const address = this.allocate(bytes, 'a tensor');
    return this.backend.makeOutput([...shape], 'float32', address);
  }

  /** Address of at least `bytes` zeros that nobody writes. May move when more are asked for. */
  zeros(bytes: number): number {
    if (bytes > this.#zeros.bytes) {
      const size = Math.max(bytes, 8192);
      const address = this.allocate(size, 'a row of zeros');
      new Uint8Array(this.memory.buffer, address, size).fill(0);
      if (this.#zeros.address !== 0) this.free(this.#zeros.address);
      this.#zeros = { address, bytes: size };
    }
    return this.#zeros.address;
  }
}

function unsupportedHost(what: string): UnsupportedError {
  return new UnsupportedError(
    `This build of @tensorflow/tfjs-backend-wasm does not expose its ${what}, which the HetConv kernels share. ` +
      "Use version ~4.22.0, or call registerComposed('wasm') from '@hetconv/core'.",
  );
}
