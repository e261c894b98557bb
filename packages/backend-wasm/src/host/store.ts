/** A bounded cache of blocks in the Wasm heap: least recently used goes first, and every block is freed once. */
import type { Host } from './host.ts';

/** What the cache holds: an address, its size, and whatever else its owner needs. */
export interface Block {
  readonly address: number;
  readonly bytes: number;
}

export class BlockStore<Key, Value extends Block> {
  readonly #host: Host;
  readonly #limit: number;
  readonly #onFree: (block: Value) => void;
  readonly #blocks = new Map<Key, Value>();
  #bytes = 0;

  /**
   * @param limit bytes held at most; one block larger than that is still kept, alone
   * @param onFree told of every block that goes, after it is freed
   */
  constructor(host: Host, limit: number, onFree: (block: Value) => void = () => undefined) {
    this.#host = host;
    this.#limit = limit;
    this.#onFree = onFree;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get(key: Key): Value | undefined {
    const block = this.#blocks.get(key);
    if (block !== undefined) {
      this.#blocks.delete(key); // to the end: most recently used
      this.#blocks.set(key, block);
    }
    return block;
  }

  /** Takes over a block that the caller allocated. */
  set(key: Key, block: Value): void {
    this.delete(key);
    this.#blocks.set(key, block);
    this.#bytes += block.bytes;
    for (const oldest of this.#blocks.keys()) {
      if (this.#bytes <= this.#limit || oldest === key) break;
      this.delete(oldest);
    }
  }

  delete(key: Key): void {
    const block = this.#blocks.get(key);
    if (block === undefined) return;
    this.#blocks.delete(key);
    this.#bytes -= block.bytes;
    this.#host.free(block.address);
    this.#onFree(block);
  }

  clear(): void {
    for (const key of this.#blocks.keys()) this.delete(key);
  }
}
