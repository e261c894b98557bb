/** Times every kernel of a tfjs backend from inside the registry; a kernel that calls another keeps only its own time. */
import { getKernelsForBackend, type KernelFunc, registerKernel, unregisterKernel } from '@tensorflow/tfjs-core';

export interface KernelTime {
  readonly kernel: string;
  readonly milliseconds: number;
  readonly calls: number;
}

export class KernelTimes {
  readonly #spent = new Map<string, { milliseconds: number; calls: number }>();
  /** Time of the calls inside the one that runs, for each that is open. */
  readonly #inner: number[] = [];

  measure<T>(kernel: string, run: () => T): T {
    this.#inner.push(0);
    const start = performance.now();
    try {
      return run();
    } finally {
      const all = performance.now() - start;
      const own = all - (this.#inner.pop() ?? 0);
      if (this.#inner.length > 0) this.#inner[this.#inner.length - 1] += all;
      const { milliseconds, calls } = this.#spent.get(kernel) ?? { milliseconds: 0, calls: 0 };
      this.#spent.set(kernel, { milliseconds: milliseconds + own, calls: calls + 1 });
    }
  }

  /** What ran so far does not count: it compiled. */
  clear(): void {
    this.#spent.clear();
  }

  /** The slowest first. */
  all(): KernelTime[] {
    return [...this.#spent]
      .map(([kernel, time]) => ({ kernel, ...time }))
      .toSorted((a, b) => b.milliseconds - a.milliseconds);
  }
}

/** From now on every kernel of the backend is timed, at about a microsecond a call. Register first what is to be measured. */
export function timeKernels(backendName: string): KernelTimes {
  const times = new KernelTimes();
  for (const config of getKernelsForBackend(backendName)) {
    const { kernelName, kernelFunc } = config;
    const timed: KernelFunc = (args) => times.measure(kernelName, () => kernelFunc(args));
    unregisterKernel(kernelName, backendName);
    registerKernel({ ...config, kernelFunc: timed });
  }
  return times;
}

/** The kernels of a backend as they are registered now; compared later, they tell whose a kernel is. */
export function registeredKernels(backendName: string): ReadonlyMap<string, KernelFunc> {
  return new Map(getKernelsForBackend(backendName).map(({ kernelName, kernelFunc }) => [kernelName, kernelFunc]));
}
