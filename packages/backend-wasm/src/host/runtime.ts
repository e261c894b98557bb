/** What belongs to one tfjs wasm backend instance: its host, compiled kernels and caches. Gone when the instance is. */
import { InvalidArgumentError } from '@hetconv/core';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import type { DataId } from '@tensorflow/tfjs-core';
import type { OuterKernel } from '../emit/outer-kernel.ts';
import { Host } from './host.ts';
import { Modules } from './modules.ts';
import { Pool } from '../threads/pool.ts';
import { type Block, BlockStore } from './store.ts';

/** Bounds of the caches, in bytes. */
const WEIGHTS_LIMIT = 256 * 2 ** 20;
const TABLES_LIMIT = 64 * 2 ** 20;

/** A block derived from weight tensors. It is freed when one of them is disposed, or assigned over (a new data id). */
export interface WeightBlock extends Block {
  readonly sources: readonly DataId[];
}

export interface TableBlock extends Block {
  /** Entries that read padding, see `writeTable`. */
  readonly padding: Int32Array;
  /** What those entries hold now. */
  zero: number;
}

/** Lists of pixel pairs, see `lower/pairs.ts`. */
export interface PairBlock extends Block {
  readonly lists: readonly { readonly offset: number; readonly count: number }[];
}

/** Records of the tiles of a filter gradient, a list per kernel. */
export interface TileBlock extends Block {
  readonly lists: readonly { readonly offset: number; readonly count: number; readonly kernel: OuterKernel }[];
}

export class Runtime {
  readonly host: Host;
  readonly modules: Modules;
  readonly tables: BlockStore<string, TableBlock>;
  readonly pairs: BlockStore<string, PairBlock>;
  readonly tiles: BlockStore<string, TileBlock>;
  readonly #pool: Pool | undefined;
  readonly #weights: BlockStore<WeightBlock, WeightBlock>;
  readonly #bySource = new WeakMap<DataId, Set<WeightBlock>>();

  constructor(backend: BackendWasm) {
    this.host = new Host(backend);
    this.#pool = startPool(this.host);
    this.modules = new Modules(this.host.memory, this.host.shared, this.#pool);
    this.tables = new BlockStore(this.host, TABLES_LIMIT);
    this.pairs = new BlockStore(this.host, TABLES_LIMIT);
    this.tiles = new BlockStore(this.host, TABLES_LIMIT);
    this.#weights = new BlockStore(this.host, WEIGHTS_LIMIT, (block) => this.#unlink(block));
    const disposeData = backend.disposeData.bind(backend);
    backend.disposeData = (dataId, force) => {
      const isGone = disposeData(dataId, force);
      if (isGone) this.#forget(dataId);
      return isGone;
    };
    if (this.#pool !== undefined) {
      const dispose = backend.dispose.bind(backend);
      backend.dispose = () => {
        this.#pool?.stop();
        dispose();
      };
    }
  }

  /** Bytes that the caches hold in the Wasm heap. */
  get cachedBytes(): number {
    return this.tables.bytes + this.pairs.bytes + this.tiles.bytes + this.#weights.bytes;
  }

  /** Threads that compute now, the main one included. */
  get threads(): number {
    return this.#pool?.threads ?? 1;
  }

  /** Marks a block as used and tells whether it is still there. */
  touch(block: WeightBlock): boolean {
    return this.#weights.get(block) !== undefined;
  }

  /** Takes over a block that the caller allocated. */
  keep(block: WeightBlock): void {
    for (const source of block.sources) {
      const blocks = this.#bySource.get(source) ?? new Set();
      this.#bySource.set(source, blocks.add(block));
    }
    this.#weights.set(block, block);
  }

  /** Blocks derived from this tensor data. */
  derivedFrom(source: DataId): Iterable<WeightBlock> {
    return this.#bySource.get(source) ?? [];
  }

  releaseCaches(): void {
    this.tables.clear();
    this.pairs.clear();
    this.tiles.clear();
    this.#weights.clear();
  }

  #forget(source: DataId): void {
    for (const block of this.derivedFrom(source)) this.#weights.delete(block);
  }

  /** No tensor remembers a block that is gone: one whose partner changes at every step would remember them all. */
  #unlink(block: WeightBlock): void {
    for (const source of block.sources) {
      const blocks = this.#bySource.get(source);
      blocks?.delete(block);
      if (blocks?.size === 0) this.#bySource.delete(source);
    }
  }
}

/** More threads than this share the memory bandwidth rather than the work. */
const MOST_THREADS = 8;
let wantedThreads: number | undefined;

/**
 * Threads of backends that are initialised from now on, the main one included; 1 turns the pool off. Default: the logical
 * cores, at most 8. Only in cross-origin-isolated pages, where tfjs's memory is shared, are there any threads.
 *
 * @throws InvalidArgumentError
 */
export function setThreads(count: number): void {
  if (!Number.isInteger(count) || count < 1) {
    throw new InvalidArgumentError('setThreads', 'count', count, 'a positive integer');
  }
  wantedThreads = count;
}

/** tfjs's own count is no guide: it takes half of the logical cores, whatever `setThreadsCount` asks for. */
function startPool({ shared, memory }: Host): Pool | undefined {
  if (!shared || typeof Worker !== 'function') return undefined;
  const threads = wantedThreads ?? Math.min(MOST_THREADS, navigator.hardwareConcurrency);
  return threads > 1 ? new Pool(memory, threads - 1) : undefined;
}

const runtimes = new WeakMap<BackendWasm, Runtime>();

/** @throws UnsupportedError where the instance hides its memory */
export function runtimeOf(backend: BackendWasm): Runtime {
  let runtime = runtimes.get(backend);
  if (runtime === undefined) {
    runtime = new Runtime(backend);
    runtimes.set(backend, runtime);
  }
  return runtime;
}
