/** Loads kernels when they are first needed, a PTX file at a time, and launches them on the one stream. */
import type { DriverApi, Handle, Out } from '../driver/api.ts';
import { readPackageFile } from '../driver/host.ts';
import type { Driver } from '../driver/library.ts';
import { errorOf, SUCCESS } from '../driver/result.ts';
import { KERNELS } from '../generated/kernels.ts';
import { ArgumentTable, type KernelArguments, type KernelName } from './arguments.ts';

/** Blocks or threads along x, y, z; 1 where left out. */
export type Extent = readonly [x: number, y?: number, z?: number];

interface Loaded {
  readonly handle: Handle;
  readonly table: ArgumentTable;
}

/** How many kernels a failure may be blamed on: the device reports it only at a later call. */
const REMEMBERED = 8;

export class Launcher {
  readonly #driver: Driver;
  readonly #stream: Handle;
  readonly #modules: Map<string, Handle> = new Map();
  readonly #kernels: Map<KernelName, Loaded> = new Map();
  readonly #recent: string[] = [];

  constructor(driver: Driver, stream: Handle) {
    this.#driver = driver;
    this.#stream = stream;
  }

  /**
   * Puts a kernel on the stream. It has not run when this returns.
   *
   * @throws DeviceLostError where this or an earlier kernel has failed
   */
  launch<K extends KernelName>(kernel: K, grid: Extent, block: Extent, ...values: KernelArguments<K>): void {
    const { handle, table } = this.#kernels.get(kernel) ?? this.#load(kernel);
    table.write(values);
    const [gridX, gridY = 1, gridZ = 1] = grid;
    const [blockX, blockY = 1, blockZ = 1] = block;
    this.#remember(kernel);
    const code = this.#api.cuLaunchKernel(
      handle,
      gridX,
      gridY,
      gridZ,
      blockX,
      blockY,
      blockZ,
      0,
      this.#stream,
      table.pointers,
      0,
    );
    if (code !== SUCCESS) throw errorOf(this.#api, code, `kernel ${kernel}`, this.suspects());
  }

  /** For messages: which kernels may have failed. Those known to have run are forgotten. */
  suspects(): string {
    return this.#recent.length === 0 ? '' : ` (latest kernels: ${this.#recent.join(', ')})`;
  }

  /** To be told when the stream is known to have run dry. */
  forgetSuspects(): void {
    this.#recent.length = 0;
  }

  dispose(): void {
    for (const module of this.#modules.values()) this.#api.cuModuleUnload(module);
    this.#modules.clear();
    this.#kernels.clear();
  }

  get #api(): DriverApi {
    return this.#driver.api;
  }

  #remember(kernel: string): void {
    if (this.#recent.at(-1) === kernel) return;
    this.#recent.push(kernel);
    if (this.#recent.length > REMEMBERED) this.#recent.shift();
  }

  #load(kernel: KernelName): Loaded {
    const [family] = KERNELS[kernel];
    let module = this.#modules.get(family);
    if (module === undefined) {
      const loaded: Out<Handle> = [0];
      const code = this.#api.cuModuleLoadData(loaded, readPackageFile(`ptx/${family}.ptx`));
      if (code !== SUCCESS) throw errorOf(this.#api, code, `loading ${family}.ptx`, this.suspects());
      module = loaded[0];
      this.#modules.set(family, module);
    }
    const found: Out<Handle> = [0];
    const code = this.#api.cuModuleGetFunction(found, module, kernel);
    if (code !== SUCCESS) throw errorOf(this.#api, code, `finding kernel ${kernel}`, this.suspects());
    const entry = { handle: found[0], table: new ArgumentTable(this.#driver.koffi, kernel) };
    this.#kernels.set(kernel, entry);
    return entry;
  }
}
