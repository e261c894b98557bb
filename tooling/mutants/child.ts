/** The process of one mutant: hook first, then the backend and the suite. Answers its parent and ends. */
import { MUTANTS } from './list/index.ts';
import type { RunSuite } from './judge.ts';
import { mutateOnLoad } from './load-hook.ts';
import type { Answer, Task } from './messages.ts';

const task = JSON.parse(process.argv[2]) as Task;
answer(task).then(
  (result) => process.send?.(result, () => process.exit()),
  (error: unknown) => process.send?.({ kind: 'error', message: String(error) }, () => process.exit(1)),
);

const FAILED = { available: true, passed: 0, xfailed: 0, failed: 1 };

async function answer({ place, mutant: id, families, stopAtFirst }: Task): Promise<Answer> {
  const mutant = MUTANTS.find((one) => one.id === id);
  const isLoaded = mutant === undefined ? undefined : mutateOnLoad(mutant);
  await import('@tensorflow/tfjs-layers'); // registers tfjs's own gradients
  const { runConformance } = await import('@hetconv/conformance');
  const { distinctLayers } = await import('@hetconv/zoo-classification');
  const layers = distinctLayers();
  const { judge, Unavailable } = await import('./judge.ts');
  const { providerAt } = await import('./providers.ts');
  const provider = await providerAt(place);
  let runtime = '';
  const run: RunSuite = async (options) => {
    try {
      const { backends, environment } = await runConformance({ providers: [provider], layers, ...options });
      ({ runtime } = environment);
      return backends[provider.name];
    } catch (error) {
      // A kernel that writes where it must not may bring the suite down with it.
      return { ...FAILED, failures: [{ id: `the run threw ${String(error)}` }] };
    }
  };
  try {
    const verdict = await judge(run, mutant === undefined ? [] : families, stopAtFirst);
    if (isLoaded?.() === false) throw new Error(`${mutant?.file} was never loaded.`);
    return { kind: 'verdict', verdict, runtime };
  } catch (error) {
    if (error instanceof Unavailable) return { kind: 'unavailable', reason: error.message };
    throw error;
  }
}
