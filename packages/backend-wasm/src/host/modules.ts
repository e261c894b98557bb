/** Kernels of one host, compiled when first needed and kept: at most a few kB of code each. */
import { type FunctionSource, assemble, MEMORY_IMPORT } from '../assembler/module.ts';
import type { Pool, Run, Split } from '../threads/pool.ts';

/** A compiled kernel. */
export interface Kernel {
  readonly run: Run;
  /** Its number in the pool of threads; -1: none. */
  readonly id: number;
}

/** Multiply-adds below which waking the other threads costs more than they give. */
const LEAST_WORK = 500_000;

export class Modules {
  readonly #memory: WebAssembly.Memory;
  readonly #shared: boolean;
  readonly #pool: Pool | undefined;
  readonly #compiled = new Map<string, Kernel>();

  constructor(memory: WebAssembly.Memory, shared: boolean, pool: Pool | undefined) {
    this.#memory = memory;
    this.#shared = shared;
    this.#pool = pool;
  }

  /** The export `run` of the module that `emit` writes. `key` says everything that `emit` depends on. */
  get(key: string, emit: () => FunctionSource[]): Kernel {
    let kernel = this.#compiled.get(key);
    if (kernel === undefined) {
      const code = assemble(emit(), this.#shared);
      const imports = { [MEMORY_IMPORT.module]: { [MEMORY_IMPORT.name]: this.#memory } };
      const { run } = new WebAssembly.Instance(new WebAssembly.Module(code), imports).exports;
      kernel = { run: run as Run, id: this.#pool?.add(code) ?? -1 };
      this.#compiled.set(key, kernel);
    }
    return kernel;
  }

  /**
   * Calls a kernel, on several threads where there are any and it pays.
   *
   * @param work multiply-adds of the call
   */
  call({ run, id }: Kernel, args: number[], split: Split, work: number): void {
    const pool = this.#pool;
    if (pool === undefined || id < 0 || work < LEAST_WORK || pool.threads === 1) run(...args);
    else pool.run(id, run, args, split);
  }
}
