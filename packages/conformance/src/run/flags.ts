/** tfjs flags while the suite runs, put back afterwards. */
import { env } from '@tensorflow/tfjs-core';

/** Counts data ids a kernel (IS_TEST), and keeps small tensors from going to CPU kernels of their own. */
const WANTED: Readonly<Record<string, boolean>> = {
  IS_TEST: true,
  WEBGL_CPU_FORWARD: false,
  WEBGPU_CPU_FORWARD: false,
};

/** Sets the flags that exist; call again after a backend has brought its own. */
export class Flags {
  readonly #before: Map<string, boolean> = new Map();

  set(): void {
    const known = env().getFlags();
    for (const [name, value] of Object.entries(WANTED)) {
      const before = name in known ? known[name] : evaluate(name);
      if (before === undefined) continue;
      if (!this.#before.has(name)) this.#before.set(name, Boolean(before));
      env().set(name, value);
    }
  }

  restore(): void {
    for (const [name, value] of this.#before) env().set(name, value);
  }
}

/** The value of a registered flag; tfjs offers no other way to ask whether it is registered. */
function evaluate(name: string): boolean | undefined {
  try {
    return env().getBool(name);
  } catch {
    return undefined;
  }
}
