/**
 * What a pool of workers would give in Node: our pool and a kernel of ours over a shared memory of our own, because tfjs's memory is
 * private there and its threaded build does not start (it makes workers from `blob:` URLs): node bench/threads-node.ts
 */
import { cpus } from 'node:os';
import { setTimeout } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { blockRatio, interleave, median } from '@hetconv/bench';
import { Modules } from '../src/host/modules.ts';
import { Pool } from '../src/threads/pool.ts';
import { outerProblem } from '../test/outer-problem.ts';

const memory = new WebAssembly.Memory({ initial: 1024, maximum: 65536, shared: true });
const workers = cpus().length - 1;
const pool = new Pool(memory, workers, (source) => new Worker(source, { eval: true }));
const alone = new Modules(memory, true, undefined);
const together = new Modules(memory, true, pool);

for (const [pixels, columns] of [
  [256, 512],
  [1024, 1024],
  [1024, 4096],
]) {
  const { args, work, split, emit } = outerProblem(memory, pixels, columns);
  const run = (modules: Modules) => async (): Promise<void> => {
    modules.call(modules.get('kernel', emit), [...args], split, work);
  };
  await run(together)();
  while (pool.threads <= workers) await setTimeout(5);
  const contenders = [
    { name: 'alone', run: run(alone) },
    { name: 'together', run: run(together) },
  ];
  const [one, several] = (await interleave(contenders, 'threads')).values();
  process.stdout.write(
    `${(work / 1e6).toFixed(1)} million multiply-adds: 1 thread ${median(one).toFixed(3)} ms, ` +
      `${workers + 1} threads ${median(several).toFixed(3)} ms, ${blockRatio(one, several).toFixed(2)}x\n`,
  );
}
pool.stop();
