/** The few calls of the driver API that the emulator's own tests need. */
import koffi, { type KoffiFunc } from 'koffi';

type Extent = readonly [number, number?, number?];

const PROTOTYPES = {
  init: 'int cuInit(uint32_t flags)',
  retain: 'int cuDevicePrimaryCtxRetain(_Out_ uint64_t *context, int device)',
  release: 'int cuDevicePrimaryCtxRelease_v2(int device)',
  allocate: 'int cuMemAlloc_v2(_Out_ uint64_t *pointer, size_t bytes)',
  upload: 'int cuMemcpyHtoDAsync_v2(uint64_t to, const void *from, size_t bytes, uint64_t stream)',
  download: 'int cuMemcpyDtoH_v2(void *to, uint64_t from, size_t bytes)',
  synchronize: 'int cuStreamSynchronize(uint64_t stream)',
  load: 'int cuModuleLoadData(_Out_ uint64_t *module, const void *image)',
  find: 'int cuModuleGetFunction(_Out_ uint64_t *kernel, uint64_t module, const char *name)',
  launch:
    'int cuLaunchKernel(uint64_t f, uint32_t gx, uint32_t gy, uint32_t gz, uint32_t bx, uint32_t by, uint32_t bz, uint32_t shared, uint64_t stream, void **parameters, void **extra)',
  describe: 'int cuGetErrorString(int code, _Out_ const char **text)',
  name: 'int cuGetErrorName(int code, _Out_ const char **text)',
} as const;

type Call = KoffiFunc<(...args: unknown[]) => unknown>;

export class Driver {
  readonly #call: Readonly<Record<keyof typeof PROTOTYPES, Call>>;

  constructor(library: string) {
    const loaded = koffi.load(library);
    const entries = Object.entries(PROTOTYPES).map(([name, prototype]) => [name, loaded.func(prototype)]);
    this.#call = Object.fromEntries(entries) as Record<keyof typeof PROTOTYPES, Call>;
    this.#call.release(0); // memory and failures of the test before
    this.#check(this.#call.init(0) as number);
    this.#out((out) => this.#call.retain(out, 0));
  }

  allocate(bytes: number): number {
    return this.#out((out) => this.#call.allocate(out, bytes));
  }

  upload(values: Float32Array | Int32Array): number {
    const pointer = this.allocate(values.byteLength);
    this.#check(this.#call.upload(pointer, values, values.byteLength, 0) as number);
    return pointer;
  }

  /** @param parameters a letter each: p pointer, i int */
  launch(kernel: string, parameters: string, grid: Extent, block: Extent, values: readonly number[]): void {
    const types = Array.from(parameters, (letter) => (letter === 'p' ? '.u64' : '.u32'));
    const list = types.map((type, i) => `.param ${type} ${kernel}_param_${i}`).join(', ');
    const image = Buffer.from(`.visible .entry ${kernel}(${list})\0`);
    const module = this.#out((out) => this.#call.load(out, image));
    const found = this.#out((out) => this.#call.find(out, module, kernel));
    const slots = values.map((value, i) =>
      parameters[i] === 'p' ? BigUint64Array.of(BigInt(value)) : Int32Array.of(value),
    );
    const [gx, gy = 1, gz = 1] = grid;
    const [bx, by = 1, bz = 1] = block;
    this.#check(this.#call.launch(found, gx, gy, gz, bx, by, bz, 0, 0, slots, null) as number);
  }

  synchronize(): void {
    this.#check(this.#call.synchronize(0) as number);
  }

  floats(pointer: number, count: number): Float32Array {
    this.synchronize();
    return this.#download(pointer, new Float32Array(count));
  }

  ints(pointer: number, count: number): Int32Array {
    this.synchronize();
    return this.#download(pointer, new Int32Array(count));
  }

  /** Without waiting for the stream. */
  unordered(pointer: number, count: number): Int32Array {
    return this.#download(pointer, new Int32Array(count));
  }

  #download<T extends Float32Array | Int32Array>(pointer: number, values: T): T {
    this.#check(this.#call.download(values, pointer, values.byteLength) as number);
    return values;
  }

  #out(call: (out: [number]) => unknown): number {
    const out: [number] = [0];
    this.#check(call(out) as number);
    return out[0];
  }

  #check(code: number): void {
    if (code === 0) return;
    const [name, text]: [string][] = [[''], ['']];
    this.#call.name(code, name);
    this.#call.describe(code, text);
    throw new Error(`${name[0]} (${code}): ${text[0]}`);
  }
}
