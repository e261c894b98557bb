/** One case on one backend: the check, then whether it left anything behind or touched its inputs. */
import { engine, getBackend, memory, setBackend } from '@tensorflow/tfjs-core';
import type { ConformanceCase } from '../cases/case.ts';
import { checkAdjoint } from '../checks/adjoint.ts';
import { Mismatch } from '../checks/compare.ts';
import { checkError } from '../checks/error.ts';
import { checkFormat } from '../checks/format.ts';
import { checkGradient } from '../checks/gradient.ts';
import { checkIdentity } from '../checks/identity.ts';
import { checkLayer } from '../checks/layer.ts';
import { checkMemory } from '../checks/memory.ts';
import { checkMetamorphic } from '../checks/metamorphic.ts';
import { checkPass } from '../checks/pass.ts';
import { checkPasses } from '../checks/passes.ts';
import { checkResource } from '../checks/resource.ts';
import { checkSharing } from '../checks/sharing.ts';
import { CaseContext, Skipped, type Target } from './context.ts';

/** What came of a case, and what it has put to the test. */
export type Outcome = Pick<CaseContext, 'variants' | 'resources'> &
  (
    | { readonly status: 'passed'; readonly worstRatio: number }
    | { readonly status: 'failed'; readonly message: string }
    | { readonly status: 'skipped'; readonly reason: string }
  );

export async function runCase(test: ConformanceCase, target: Target): Promise<Outcome> {
  await switchTo(target.backend);
  const context = new CaseContext(target);
  const before = footprint(target);
  const outcome = await judge(test, context);
  const fault = await cleanUp(context, target, before);
  if (outcome.status === 'failed' || fault === undefined) return outcome;
  const { variants, resources } = context;
  return { status: 'failed', message: fault, variants, resources };
}

/** Disposes of the tensors of the case. Returns what is wrong afterwards, if anything is: the next case must run all the same. */
async function cleanUp(context: CaseContext, target: Target, before: string): Promise<string | undefined> {
  try {
    await switchTo(target.backend);
    context.dispose();
    const after = footprint(target);
    return after === before ? undefined : `The case leaks: ${before} before, ${after} after.`;
  } catch (error) {
    return `Threw when its tensors were disposed of: ${String(error)}`;
  }
}

/** tfjs walks its whole kernel registry at every `setBackend`: not for nothing, thousands of times. */
async function switchTo(backend: string): Promise<void> {
  if (getBackend() !== backend) await setBackend(backend);
}

async function judge(test: ConformanceCase, context: CaseContext): Promise<Outcome> {
  const { variants, resources } = context;
  try {
    const worstRatio = await check(test, context);
    await context.verifyInputs();
    return { status: 'passed', worstRatio, variants, resources };
  } catch (error) {
    if (error instanceof Skipped) return { status: 'skipped', reason: error.message, variants, resources };
    const message = error instanceof Mismatch ? error.message : `Threw ${String(error)}`;
    return { status: 'failed', message, variants, resources };
  }
}

/** @returns the worst error in units of u * sum|product| */
function check(test: ConformanceCase, context: CaseContext): Promise<number> {
  switch (test.kind) {
    case 'pass':
      return checkPass(test, context);
    case 'passes':
      return checkPasses(test, context);
    case 'layer':
      return checkLayer(test, context);
    case 'sharing':
      return checkSharing(test, context);
    case 'metamorphic':
      return checkMetamorphic(test, context);
    case 'resource':
      return checkResource(test, context);
    case 'identity':
      return checkIdentity(test, context);
    case 'adjoint':
      return checkAdjoint(test, context);
    case 'gradient':
      return checkGradient(test, context);
    case 'error':
      return checkError(test, context);
    case 'format':
      return checkFormat(test, context);
    default:
      return checkMemory(test, context);
  }
}

/** Tensors and bytes of tfjs, and the data ids of every backend that the case may touch. */
function footprint({ backend, otherBackend }: Target): string {
  const { numTensors, numBytes } = memory();
  const names = otherBackend === undefined ? [backend] : [backend, otherBackend];
  const dataIds = names.map((name) => `${engine().findBackend(name).numDataIds()} data ids on ${name}`);
  return [`${numTensors} tensors`, `${numBytes} bytes`, ...dataIds].join(', ');
}
