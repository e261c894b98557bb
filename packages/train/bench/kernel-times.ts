/** Times every kernel of a tfjs backend from inside the registry; a kernel that calls another keeps only its own time. */
import { getKernelsForBackend, type KernelFunc, registerKernel, unregisterKernel } from '@tensorflow/tfjs-core';

export interface KernelTime {
  readonly milliseconds: number;
  readonly calls: number;
}

export class KernelTimes {
  /** Own time in milliseconds of each call, by kernel, for each step. */
  readonly #steps: Map<string, number[]>[] = [];
  /** Time of the calls inside the one that runs, for each that is open. */
  readonly #inner: number[] = [];

  /** Runs one step; the kernels that it calls are counted to it. */
  step(run: () => void): void {
    this.#steps.push(new Map());
    run();
  }

  measure<T>(name: string, run: () => T): T {
    this.#inner.push(0);
    const start = performance.now();
    try {
      return run();
    } finally {
      const all = performance.now() - start;
      const own = all - (this.#inner.pop() ?? 0);
      if (this.#inner.length > 0) this.#inner[this.#inner.length - 1] += all;
      const step = this.#steps.at(-1);
      step?.set(name, [...(step.get(name) ?? []), own]);
    }
  }

  /** The kernels of one step, the slowest first. */
  byTime(step: number): [string, KernelTime][] {
    const times = [...(this.#steps[step] ?? [])].map(([name, calls]): [string, KernelTime] => {
      return [name, { milliseconds: calls.reduce((sum, time) => sum + time, 0), calls: calls.length }];
    });
    return times.toSorted(([, a], [, b]) => b.milliseconds - a.milliseconds);
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
