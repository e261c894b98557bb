/**
 * Device memory. A freed block is kept for the next request of its size class: everything runs on one stream, so a block may
 * be given away while kernels that read it are still waiting; those that write it come after them.
 */
import { OutOfMemoryError } from '@hetconv/core';
import type { DriverApi, Handle, Out } from '../driver/api.ts';
import { errorOf, OUT_OF_MEMORY, SUCCESS } from '../driver/result.ts';
import { sizeClass } from './size-classes.ts';

export interface MemoryFigures {
  /** Bytes that tensors hold, in whole blocks. */
  readonly bytesInUse: number;
  /** Bytes taken from the driver. */
  readonly bytesAllocated: number;
  /** Blocks that wait for the next request. */
  readonly idleBlocks: number;
}

/** A piece of device memory. It lives until all who hold it have released it. */
export interface Block {
  readonly pointer: Handle;
  readonly bytes: number;
  holders: number;
}

export class MemoryPool {
  readonly #api: DriverApi;
  readonly #isExact: boolean;
  readonly #idle: Map<number, Handle[]> = new Map();
  #bytesInUse = 0;
  #bytesAllocated = 0;

  constructor(api: DriverApi, mode: 'pooled' | 'exact') {
    this.#api = api;
    this.#isExact = mode === 'exact';
  }

  /**
   * A block of at least so many bytes, with one holder. What it contains is not defined.
   *
   * @throws OutOfMemoryError where the device has not enough, not even after the idle blocks are given back
   */
  take(bytes: number, purpose: string): Block {
    const size = this.#isExact ? Math.max(4, bytes) : sizeClass(bytes);
    const pointer = this.#idle.get(size)?.pop() ?? this.#allocate(size, purpose);
    this.#bytesInUse += size;
    return { pointer, bytes: size, holders: 1 };
  }

  retain(block: Block): void {
    block.holders++;
  }

  release(block: Block): void {
    if (--block.holders > 0) return;
    this.#bytesInUse -= block.bytes;
    if (this.#isExact) {
      this.#free(block.pointer, block.bytes);
      return;
    }
    const blocks = this.#idle.get(block.bytes);
    if (blocks === undefined) this.#idle.set(block.bytes, [block.pointer]);
    else blocks.push(block.pointer);
  }

  /** Gives the idle blocks back to the driver, which waits for the device. */
  trim(): void {
    for (const [bytes, pointers] of this.#idle) for (const pointer of pointers) this.#free(pointer, bytes);
    this.#idle.clear();
  }

  figures(): MemoryFigures {
    const idleBlocks = Array.from(this.#idle.values()).reduce((sum, blocks) => sum + blocks.length, 0);
    return { bytesInUse: this.#bytesInUse, bytesAllocated: this.#bytesAllocated, idleBlocks };
  }

  #allocate(bytes: number, purpose: string): Handle {
    const pointer: Out<Handle> = [0];
    let code = this.#api.cuMemAlloc(pointer, bytes);
    if (code === OUT_OF_MEMORY && this.#idle.size > 0) {
      this.trim();
      code = this.#api.cuMemAlloc(pointer, bytes);
    }
    if (code === OUT_OF_MEMORY) throw new OutOfMemoryError('cuda', purpose, bytes);
    if (code !== SUCCESS) throw errorOf(this.#api, code, `allocating ${bytes} bytes for ${purpose}`);
    this.#bytesAllocated += bytes;
    return pointer[0];
  }

  /** After a lost device nothing can be freed, and nothing needs to be: the context takes it all. */
  #free(pointer: Handle, bytes: number): void {
    this.#api.cuMemFree(pointer);
    this.#bytesAllocated -= bytes;
  }
}
