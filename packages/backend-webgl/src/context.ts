/**
 * A lost WebGL context becomes one named error. tfjs itself never settles a read that was under way, and draws into nothing.
 * So a backend that has run one of our kernels is watched: later kernels throw, and so do its reads, pending ones included.
 */
import { DeviceLostError, UnsupportedError } from '@hetconv/core';
import type { DataId } from '@tensorflow/tfjs-core';
import type { MathBackendWebGL } from '@tensorflow/tfjs-backend-webgl';

type Read = MathBackendWebGL['read'];

class Watch {
  #error: DeviceLostError | undefined;
  readonly #pending = new Set<(error: DeviceLostError) => void>();
  readonly #context: WebGLRenderingContext;

  constructor(backend: MathBackendWebGL) {
    this.#context = backend.getGPGPUContext().gl;
    this.#context.canvas.addEventListener('webglcontextlost', () => this.#lose());
    const read = backend.read.bind(backend);
    const readSync = backend.readSync.bind(backend);
    backend.read = (dataId) => this.#guard(read, dataId);
    backend.readSync = (dataId) => {
      this.requireContext();
      return readSync(dataId);
    };
  }

  requireContext(): void {
    if (this.#error === undefined && this.#context.isContextLost()) this.#lose();
    if (this.#error !== undefined) throw this.#error;
  }

  #lose(): void {
    this.#error ??= new DeviceLostError('webgl', 'the browser took its context away (webglcontextlost)');
    for (const reject of this.#pending) reject(this.#error);
    this.#pending.clear();
  }

  /** Not Promise.race with one long-lived promise: that would keep every result alive. */
  #guard(read: Read, dataId: DataId): ReturnType<Read> {
    return new Promise((resolve, reject) => {
      this.requireContext();
      this.#pending.add(reject);
      read(dataId)
        .then(resolve, reject)
        .finally(() => this.#pending.delete(reject));
    });
  }
}

const watches = new WeakMap<MathBackendWebGL, Watch>();

/**
 * Watches a backend from its first call on.
 *
 * @throws DeviceLostError once its context is lost
 */
export function requireContext(backend: MathBackendWebGL): void {
  let watch = watches.get(backend);
  if (watch === undefined) watches.set(backend, (watch = new Watch(backend)));
  watch.requireContext();
}

/** Takes the context away, for tests; the browser's announcement of it has been heard when the promise settles. */
export function loseContext(backend: MathBackendWebGL): Promise<void> {
  const { gl } = backend.getGPGPUContext();
  const extension = gl.getExtension('WEBGL_lose_context');
  if (extension === null) throw new UnsupportedError('This browser has no WEBGL_lose_context.');
  return new Promise((resolve) => {
    gl.canvas.addEventListener('webglcontextlost', () => resolve(), { once: true });
    extension.loseContext();
  });
}
