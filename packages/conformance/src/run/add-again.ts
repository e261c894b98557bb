/** Takes the tfjs backend away and brings it back, as after a lost device: a fresh instance with an empty memory. */
import { engine, env, findBackendFactory, registerBackend, removeBackend, setBackend } from '@tensorflow/tfjs-core';
import type { BackendProvider } from '@hetconv/core';
import { Mismatch } from '../checks/compare.ts';

/**
 * All tensors that live on the backend are lost. The backend is the current one afterwards.
 *
 * @throws Mismatch where it does not come back
 */
export async function addAgain(provider: BackendProvider): Promise<void> {
  const { name } = provider;
  const factory = findBackendFactory(name);
  const { priority } = engine().registryFactory[name];
  const before = engine().registry[name];
  remove(name);
  registerBackend(name, factory, priority);
  const availability = await provider.prepare();
  if (!availability.available) throw new Mismatch(`After removal, prepare() answers: ${availability.reason}.`);
  if (!(await setBackend(name))) throw new Mismatch('After removal, tfjs cannot start the backend again.');
  if (engine().backend === before) throw new Mismatch('After removal, the backend is the same instance as before.');
}

/** As in an application: under IS_TEST tfjs's webgl backend leaves its compiled programs to the next one, whose context cannot run them. */
function remove(name: string): void {
  const isTest = env().getBool('IS_TEST');
  env().set('IS_TEST', false);
  try {
    removeBackend(name);
  } finally {
    env().set('IS_TEST', isTest);
  }
}
