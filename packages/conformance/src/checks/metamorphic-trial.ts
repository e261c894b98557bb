/** What the metamorphic relations have in common. */
import type { PlanRequest } from '@hetconv/core';
import type { MetamorphicCase } from '../cases/case.ts';
import { fromExact } from '../oracle/expected.ts';
import type { CaseValues } from '../oracle/values.ts';
import type { CaseContext } from '../run/context.ts';
import { compare } from './compare.ts';

/** What a relation works with: the case's numbers, and a pass of any numbers on the backend. */
export interface Trial {
  readonly test: MetamorphicCase;
  readonly context: CaseContext;
  readonly values: CaseValues;
  readonly compute: (values: CaseValues, request?: PlanRequest) => Promise<Float32Array>;
}

/** @throws Mismatch where two results of the backend differ that must not */
export function requireSame(what: string, actual: ArrayLike<number>, expected: ArrayLike<number>): void {
  compare(what, actual, fromExact([expected.length], expected), true);
}
