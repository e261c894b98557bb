/**
 * What a worker runs, as text: bundlers cannot lose it, minifiers cannot break it. It waits for a job, computes its share
 * of it with an instance of the kernel over the shared memory, and says so.
 */
import { MEMORY_IMPORT } from '../assembler/module.ts';
import { ARGUMENTS, DIRECTORY, FIELD } from './control.ts';

/** Loads of the sequence number before a worker goes to sleep: jobs follow each other closely within a network. */
const SPINS = 4000;

export const WORKER_SOURCE: string = `'use strict';
const begin = ({ index, memory, control }) => {
  const fields = new Int32Array(control);
  const directory = new Int32Array(control, ${DIRECTORY});
  const kernels = [];
  const kernel = (id) => {
    if (kernels[id] === undefined) {
      const bytes = new Uint8Array(directory[2 * id + 1]);
      bytes.set(new Uint8Array(control, directory[2 * id], bytes.length));
      const imports = { ${MEMORY_IMPORT.module}: { ${MEMORY_IMPORT.name}: memory } };
      kernels[id] = new WebAssembly.Instance(new WebAssembly.Module(bytes), imports).exports.run;
    }
    return kernels[id];
  };
  const work = () => {
    const args = Array.from(new Float64Array(control, ${ARGUMENTS}, fields[${FIELD.argumentCount}]));
    const total = args[fields[${FIELD.count}]];
    const shares = fields[${FIELD.shares}];
    if (index >= shares) return;
    const first = Math.floor((total * index) / shares);
    args[fields[${FIELD.count}]] = Math.floor((total * (index + 1)) / shares) - first;
    args[fields[${FIELD.pointer}]] += first * fields[${FIELD.bytes}];
    kernel(fields[${FIELD.kernel}])(...args);
  };
  let seen = 0;
  Atomics.add(fields, ${FIELD.ready}, 1);
  for (;;) {
    for (let i = 0; i < ${SPINS} && Atomics.load(fields, ${FIELD.sequence}) === seen; i++);
    Atomics.wait(fields, ${FIELD.sequence}, seen);
    const now = Atomics.load(fields, ${FIELD.sequence});
    if (now === seen) continue;
    seen = now;
    if (Atomics.load(fields, ${FIELD.stop}) === 1) return;
    try {
      work();
    } catch {
      Atomics.store(fields, ${FIELD.failed}, 1);
    }
    Atomics.sub(fields, ${FIELD.pending}, 1);
  }
};
if (typeof self === 'object' && typeof self.postMessage === 'function') self.onmessage = ({ data }) => begin(data);
else require('node:worker_threads').parentPort.once('message', begin);
`;
