/** Runs in the page of bench/browser.ts: the conformance suite, bits of one thread against several, times; reports to the server. */
import '@tensorflow/tfjs-layers';
import * as tf from '@tensorflow/tfjs-core';
import { type BackendWasm, setThreadsCount, setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { interleave, median } from '@hetconv/bench';
import { runConformance } from '@hetconv/conformance';
import { createRandom, planHetConv, referenceForward, spatialShape } from '@hetconv/core';
import { backend as hetconv, createWasmKernels, detectInstructionSet } from '../src/index.ts';
import { runtimeOf } from '../src/host/runtime.ts';

async function run(): Promise<Record<string, unknown>> {
  setWasmPaths('/wasm/');
  setThreadsCount(navigator.hardwareConcurrency);
  await tf.setBackend('wasm');
  const backend = tf.backend() as BackendWasm;
  const set = detectInstructionSet();
  if (set === 'none') throw new Error('no SIMD');
  const kernels = createWasmKernels(set);
  const runtime = runtimeOf(backend);
  const facts: Record<string, unknown> = {
    agent: navigator.userAgent,
    isolated: crossOriginIsolated,
    shared: runtime.host.shared,
    instructionSet: set,
  };
  const random = createRandom('page');
  const draw = (shape: number[]): tf.Tensor =>
    tf.tensor(
      Float32Array.from({ length: tf.util.sizeFromShape(shape) }, () => random.uniform() - 0.5),
      shape,
    );
  const cases = [
    [56, 64, 64, 4],
    [16, 256, 256, 64],
    [16, 256, 256, 4],
    [8, 512, 512, 8],
    [33, 24, 40, 8],
  ] as const;
  const operands = cases.map(([size, M, N, part]) => {
    const plan = planHetConv({ inputShape: [1, size, size, M], outChannels: N, part, kernelSize: 3, pad: 'same' });
    const x = draw([1, size, size, M]);
    const dy = draw([1, size, size, N]);
    return { plan, x, dy, pointwise: draw([1, 1, M, N]), spatial: draw(spatialShape(plan)) };
  });
  const all = (): Float32Array[] =>
    operands.flatMap(({ plan, ...tensors }) => {
      const call = { backend, plan, ...tensors };
      return [
        kernels.forward({ ...call, activation: 'relu', leakyreluAlpha: 0 }),
        kernels.inputGradient(call),
        kernels.pointwiseGradient(call),
        kernels.spatialGradient(call),
      ].map(({ dataId }) => {
        const values = backend.readSync(dataId) as Float32Array;
        backend.disposeData(dataId);
        return values;
      });
    });
  const times = async (): Promise<Record<string, number>> => {
    const contenders = operands.map(({ plan, ...tensors }, i) => {
      const call = { backend, plan, ...tensors, activation: 'relu', leakyreluAlpha: 0 } as const;
      return {
        name: cases[i].join(),
        run: async () => {
          backend.disposeData(kernels.forward(call).dataId);
        },
      };
    });
    const samples = await interleave(contenders, 'forward', { minRounds: 15, maxRounds: 15 });
    return Object.fromEntries([...samples].map(([name, series]) => [name, median(series)]));
  };
  // Workers start when this task is over; until then one thread computes.
  facts.threadsFirst = runtime.threads;
  const alone = all();
  facts.alone = await times();
  for (let i = 0; i < 100 && runtime.threads < navigator.hardwareConcurrency; i++) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  facts.threads = runtime.threads;
  const together = all();
  facts.together = await times();
  facts.sameBits = alone.every((values, i) => {
    const [a, b] = [new Uint32Array(values.buffer), new Uint32Array(together[i].buffer)];
    return a.every((bits, k) => bits === b[k]);
  });
  const [{ plan, x, pointwise, spatial }] = operands.slice(-1);
  const exact = referenceForward(plan, x.dataSync(), pointwise.dataSync(), spatial.dataSync());
  const y = together[together.length - 4];
  facts.worst = exact.values.reduce(
    (worst, value, i) => Math.max(worst, Math.abs(Math.max(0, value) - y[i]) / (2 ** -24 * exact.magnitudes[i])),
    0,
  );
  // The suite registers the kernels itself; the backend is the one with the running workers.
  const suite = await runConformance({ providers: [hetconv] });
  const { passed, failed, skipped, worstRatio, failures } = suite.backends.wasm;
  facts.conformance = { ok: suite.ok, passed, failed, skipped, worstRatio, failures: failures.slice(0, 3) };
  return facts;
}

const report = await run().catch((error: unknown) => ({ error: String((error as Error).stack) }));
await fetch('/report', { method: 'POST', body: JSON.stringify(report) });
