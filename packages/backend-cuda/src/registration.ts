/** Puts backend and kernels into tfjs's registry. */
import { registerHetConvKernels } from '@hetconv/core';
import {
  engine,
  env,
  findBackendFactory,
  getKernel,
  getKernelsForBackend,
  type KernelFunc,
  registerBackend,
  registerKernel,
} from '@tensorflow/tfjs-core';
import { CudaBackend } from './backend.ts';
import { onCpu, STRICT } from './fallback.ts';
import { cudaKernels } from './hetconv/kernels.ts';
import { nativeKernels } from './ops/index.ts';
import type { Call, NativeKernel } from './ops/native.ts';

const NAME = 'cuda';
const CPU = 'cpu';
/** Above cpu, wasm and WebGL: where there is a GPU, it is what one wants. */
const PRIORITY = 4;

/** Started by `start()`, until tfjs asks for it. */
let started: CudaBackend | undefined;

/**
 * Starts the backend if tfjs has not yet. tfjs itself prints the reason of a failure, and forgets it.
 *
 * @throws UnsupportedError where it cannot start, saying what to do
 */
export function start(): void {
  if (NAME in engine().registry || started !== undefined) return;
  started = new CudaBackend();
}

function create(): CudaBackend {
  const backend = started ?? new CudaBackend();
  started = undefined;
  return backend;
}

/**
 * Registers the tfjs backend 'cuda' with its kernels, those of HetConv among them. Twice is a no-op. Kernels that it lacks are taken
 * from the cpu backend if that is registered by then. No driver is touched before the backend starts.
 */
export function register(): void {
  if (findBackendFactory(NAME) == null) {
    env().registerFlag(STRICT, () => false);
    registerBackend(NAME, create, PRIORITY);
    registerHetConvKernels(NAME, cudaKernels);
    for (const kernel of nativeKernels) registerNative(kernel);
  }
  for (const { kernelName, kernelFunc } of getKernelsForBackend(CPU)) {
    if (getKernel(kernelName, NAME) !== undefined) continue;
    registerKernel({ kernelName, backendName: NAME, kernelFunc: onCpu(kernelName, kernelFunc) });
  }
}

/** What the kernel does not accept goes to the CPU's kernel of that name. */
function registerNative(kernel: NativeKernel): void {
  if (getKernel(kernel.name, NAME) !== undefined) return; // tfjs keeps kernels when a backend is removed
  const kernelFunc: KernelFunc = (args) => {
    const call = args as Call;
    if (kernel.accepts(call)) return call.backend.attempt(() => kernel.run(call));
    const onHost: KernelFunc = (hosted) => {
      const config = getKernel(kernel.name, CPU);
      if (config === undefined) throw new Error(`Kernel '${kernel.name}' not registered for backend '${CPU}'.`);
      return config.kernelFunc(hosted);
    };
    return onCpu(kernel.name, onHost)(args);
  };
  registerKernel({ kernelName: kernel.name, backendName: NAME, kernelFunc });
}
