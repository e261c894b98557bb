/** What befalls a backend: providers that declare resources, and get them wrong. */
import { type BackendProvider, DeviceLostError, OutOfMemoryError } from '@hetconv/core';
import { type BackendReport, runConformance } from '@hetconv/conformance';
import { engine, setBackend, tensor1d } from '@tensorflow/tfjs-core';
import type { MathBackendCPU } from '@tensorflow/tfjs-backend-cpu';
import { describe, expect, it } from 'vitest';
import { ORACLE, type Kernels, providerOf, read, write } from './support/oracle-backend.ts';

const REQUEST = { inputShape: [1, 3, 3, 2], outChannels: 2, part: 2, kernelSize: 3, pad: 'same' } as const;
const LIMIT = 3000;

/** Refuses results of more than LIMIT values, as a device with little memory would. */
const small: Kernels = {
  ...ORACLE,
  forward: (call) => {
    const { outHeight, outWidth, outChannels } = call.plan;
    const size = outHeight * outWidth * outChannels;
    if (size > LIMIT) throw new OutOfMemoryError('oracle', 'a result', 4 * size);
    return ORACLE.forward(call);
  },
};

function backendOf(name: string): MathBackendCPU {
  return engine().findBackend(name) as MathBackendCPU;
}

function lostRead(): Promise<never> {
  return Promise.reject(new DeviceLostError('oracle', 'a test took it'));
}

/** Its reads fail from the loss on. */
async function loseDevice(): Promise<void> {
  backendOf('oracle').read = lostRead;
}

const oversizedRequest = () => ({ ...REQUEST, pad: 30 }) as const;

const throwsRangeError: Kernels['forward'] = (call) => {
  if (call.plan.outHeight > 30) throw new RangeError('Array buffer allocation failed');
  return ORACLE.forward(call);
};

function provider(kernels: Kernels, resources: BackendProvider['resources']): BackendProvider {
  return { ...providerOf('oracle', kernels), ...(resources === undefined ? {} : { resources }) };
}

async function reportOf(tested: BackendProvider): Promise<BackendReport> {
  const { backends } = await runConformance({ providers: [tested], families: ['resources', 'memory'] });
  return backends.oracle;
}

describe('resources', () => {
  it('that are declared are executed, and leave a working backend', async () => {
    const report = await reportOf(provider(small, { oversizedRequest, loseDevice, heldBytes: () => ({ cache: 8 }) }));
    expect(report).toMatchObject({ failures: [], skips: [] });
    expect(report.families.resources?.passed).toBe(8);
  });

  it('that are not declared are skipped, with the reason', async () => {
    const { failures, skips } = await reportOf(provider(ORACLE, undefined));
    expect(failures).toEqual([]);
    expect(skips.map(({ reason }) => reason)).toEqual(
      expect.arrayContaining([expect.stringContaining('too large'), expect.stringContaining('can be lost')]),
    );
  });

  it('fail where a request that is too large is answered, or refused by another error', async () => {
    const answered = await reportOf(provider(ORACLE, { oversizedRequest }));
    expect(answered.failures[0].message).toContain("must end in OutOfMemoryError 'out-of-memory', but gives an answer");
    const other = await reportOf(provider({ ...ORACLE, forward: throwsRangeError }, { oversizedRequest }));
    expect(other.failures[0].message).toContain('but gives RangeError');
  });

  it('fail where a lost device goes on answering', async () => {
    const { failures } = await reportOf(provider(ORACLE, { loseDevice: () => Promise.resolve() }));
    expect(failures[0].message).toContain(
      "a later read must end in DeviceLostError 'device-lost', but gives an answer",
    );
  });

  it('fail where a heap or a cache grows', async () => {
    let bytes = 0;
    const { failures } = await reportOf(provider(ORACLE, { heldBytes: () => ({ cachedBytes: (bytes += 64) }) }));
    expect(failures[0]).toMatchObject({ id: expect.stringMatching(/^memory\//) });
    expect(failures[0].message).toContain('cachedBytes grew by call 9: 512 bytes after 8 calls, 576 now');
  });

  it('fail where a cache outlives the backend', async () => {
    const kept = new Map<string, Float32Array>();
    // Keyed as by an address: the number of tensors made before.
    const forward: Kernels['forward'] = (call) => {
      const y = ORACLE.forward(call);
      const key = `${call.backend.numDataIds()} ${y.shape.join()}`;
      const values = kept.get(key) ?? read(call.backend, y).slice();
      kept.set(key, values);
      call.backend.disposeIntermediateTensorInfo(y);
      return write(call.backend, y.shape, values);
    };
    const { failures } = await reportOf(provider({ ...ORACLE, forward }, undefined));
    expect(failures.map(({ id }) => id)).toContain('resources/removed-and-added/k3s1d1p4/m8n8/same/h5w4/b1');
  });

  it('spare the tensors of others, and say so', async () => {
    const tested = provider(ORACLE, { loseDevice });
    await tested.prepare();
    await setBackend('oracle');
    const others = tensor1d([1, 2, 3]);
    const { skips } = await reportOf(tested);
    expect(skips.map(({ reason }) => reason)).toContain(
      "1 tensors that are not the suite's live on oracle and would be lost",
    );
    expect([...others.dataSync()]).toEqual([1, 2, 3]);
    others.dispose();
  });

  it('fail a whole run where they are declared and no case could run them', async () => {
    const tested = provider(ORACLE, { loseDevice });
    await tested.prepare();
    await setBackend('oracle');
    const others = tensor1d([1]);
    const { backends } = await runConformance({ providers: [tested], randomMs: 0 });
    expect(backends.oracle.failures).toMatchObject([{ id: 'coverage/resources.loseDevice' }]);
    others.dispose();
  });
});
