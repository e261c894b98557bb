/** Kernels of one host, compiled when first needed and kept: at most a few kB of code each. */
import { type FunctionSource, assemble, MEMORY_IMPORT } from '../assembler/module.ts';

export class Modules {
  readonly #memory: WebAssembly.Memory;
  readonly #shared: boolean;
  readonly #compiled = new Map<string, unknown>();

  constructor(memory: WebAssembly.Memory, shared: boolean) {
    this.#memory = memory;
    this.#shared = shared;
  }

  /** The export `run` of the module that `emit` writes. `key` says everything that `emit` depends on. */
  get(key: string, emit: () => FunctionSource[]): unknown {
    let run = this.#compiled.get(key);
    if (run === undefined) {
      const module = new WebAssembly.Module(assemble(emit(), this.#shared));
      const imports = { [MEMORY_IMPORT.module]: { [MEMORY_IMPORT.name]: this.#memory } };
      run = new WebAssembly.Instance(module, imports).exports.run;
      this.#compiled.set(key, run);
    }
    return run;
  }
}
