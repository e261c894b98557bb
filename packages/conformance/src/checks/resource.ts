/** What may befall a backend, and what must be the same everywhere then: right numbers, or one named error. */
import { backend, memory, type Tensor } from '@tensorflow/tfjs-core';
import { type Pass, planHetConv, pointwiseShape, spatialShape } from '@hetconv/core';
import type { ResourceCase } from '../cases/case.ts';
import { expectedOf } from '../oracle/expected.ts';
import { drawValues, type HostTensor, sizeOf } from '../oracle/values.ts';
import { addAgain } from '../run/add-again.ts';
import { type CaseContext, Skipped } from '../run/context.ts';
import { compare, Mismatch } from './compare.ts';
import { describeError } from './error.ts';
import { computePass, putInputs } from './operator.ts';
import { PASSES } from './passes.ts';

/** Results whose reads are under way at once. */
const READS = 32;

/** Milliseconds within which a read of a lost device must settle. */
const SETTLED = 10_000;

export async function checkResource(test: ResourceCase, context: CaseContext): Promise<number> {
  await {
    'concurrent-reads': checkConcurrentReads,
    'out-of-memory': checkOutOfMemory,
    'removed-and-added': checkRemoval,
    'lost-device': checkLoss,
  }[test.scenario](test, context);
  return 0;
}

/** Every pass in turn on numbers of its own; read all together, the last first. */
async function checkConcurrentReads(test: ResourceCase, context: CaseContext): Promise<void> {
  const running = Array.from({ length: READS }, (_, i) =>
    start(test, context, PASSES[i % PASSES.length], `call ${i + 1}`),
  );
  await Promise.all(running.toReversed().map((finish) => finish()));
}

async function checkOutOfMemory(test: ResourceCase, context: CaseContext): Promise<void> {
  const request = context.resource('oversizedRequest')?.();
  if (request === undefined) throw new Skipped(`the provider of ${context.backend} names no request that is too large`);
  await start(test, context, 'forward', 'before')();
  const plan = planHetConv(request);
  const shapes = { x: request.inputShape, pointwise: pointwiseShape(plan), spatial: spatialShape(plan) };
  const { x, pointwise, spatial } = shapes;
  const none = zeros([0]);
  const values = {
    x: zeros(x),
    pointwise: zeros(pointwise),
    spatial: zeros(spatial),
    dy: none,
    bias: none,
    slopes: none,
  };
  const inputs = putInputs(context, values);
  await Promise.all([inputs.x, inputs.pointwise, inputs.spatial].map((tensor) => tensor.data()));
  const before = held();
  const thrown = caught(() => computePass(context, 'forward', request, inputs));
  requireError(thrown, 'OutOfMemoryError', 'out-of-memory', 'a result that is too large');
  if (held() !== before) throw new Mismatch(`The refused call leaks: ${before} before, ${held()} after.`);
  await start(test, context, 'forward', 'after the refusal')();
}

/** In the fresh instance the same allocations come to lie at the same addresses: what is kept by address or shape shows. */
async function checkRemoval(test: ResourceCase, context: CaseContext): Promise<void> {
  requireAlone(context);
  for (const pass of PASSES) await start(test, context, pass, 'before removal')();
  context.dispose();
  await addAgain(context.provider);
  for (const pass of PASSES) await start(test, context, pass, 'after removal')();
}

async function checkLoss(test: ResourceCase, context: CaseContext): Promise<void> {
  requireAlone(context);
  const loseDevice = context.resource('loseDevice');
  if (loseDevice === undefined)
    throw new Skipped(`the provider of ${context.backend} names no device that can be lost`);
  await start(test, context, 'forward', 'before the loss')();
  const kept = compute(test, context, 'forward', 'kept');
  const pending = compute(test, context, 'forward', 'pending');
  const read = settled(pending.result.data());
  try {
    await loseDevice();
    const data = await read;
    // A read may have come through before the loss; then it must be right.
    if (data instanceof Float32Array) pending.verify(data);
    else requireError(data, 'DeviceLostError', 'device-lost', 'a read under way');
    requireError(await settled(kept.result.data()), 'DeviceLostError', 'device-lost', 'a later read');
    const call = async (): Promise<unknown> => compute(test, context, 'forward', 'after the loss').result.data();
    requireError(await settled(call()), 'DeviceLostError', 'device-lost', 'a later call');
  } finally {
    context.dispose();
    await addAgain(context.provider);
  }
  for (const pass of PASSES) await start(test, context, pass, 'on the new device')();
}

interface Computation {
  readonly result: Tensor;
  /** @throws Mismatch */
  readonly verify: (data: ArrayLike<number>) => void;
}

/** A pass on numbers of its own. */
function compute(test: ResourceCase, context: CaseContext, pass: Pass, name: string): Computation {
  const plan = planHetConv(test.request);
  context.serving(pass, plan);
  const values = drawValues({ ...test, id: `${test.id}/${name}/${pass}`, style: 'integer' }, plan);
  const result = computePass(context, pass, test.request, putInputs(context, values));
  return {
    result,
    verify: (data) => compare(`${pass}, ${name}`, data, expectedOf(pass, plan, values, undefined), true),
  };
}

/** Begins a read of it at once; the returned function waits for it and compares. */
function start(test: ResourceCase, context: CaseContext, pass: Pass, name: string): () => Promise<void> {
  const { result, verify } = compute(test, context, pass, name);
  const read = result.data();
  return async () => verify(await read);
}

/** What a read comes to: its data or its error; a Mismatch where it never settles. */
async function settled(read: Promise<unknown>): Promise<unknown> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<unknown>((resolve) => {
    timer = setTimeout(() => resolve(new Mismatch(`does not settle in ${SETTLED / 1000} s`)), SETTLED);
  });
  try {
    return await Promise.race([read.catch((error: unknown) => error), late]);
  } finally {
    clearTimeout(timer);
  }
}

function caught(call: () => unknown): unknown {
  try {
    return call();
  } catch (error) {
    return error;
  }
}

function requireError(found: unknown, name: string, code: string, what: string): void {
  if (found instanceof Error && found.name === name && (found as { readonly code?: unknown }).code === code) return;
  const got = found instanceof Error ? describeError(found) : 'an answer';
  throw new Mismatch(`${what} must end in ${name} '${code}', but gives ${got}.`);
}

/** Removal takes every tensor of the backend with it, also those that are not the suite's. */
function requireAlone({ backend: name }: CaseContext): void {
  const tensors = backend().numDataIds();
  if (tensors > 0) throw new Skipped(`${tensors} tensors that are not the suite's live on ${name} and would be lost`);
}

function zeros(shape: readonly number[]): HostTensor {
  return { shape, data: new Float32Array(sizeOf(shape)) };
}

function held(): string {
  return `${memory().numTensors} tensors, ${backend().numDataIds()} data ids`;
}
