/** The identities of the specification: both sides run on the backend, and both are held against the oracle. */
import type { IdentityCase } from '../cases/case.ts';
import type { CaseContext } from '../run/context.ts';
import { checkBlockOrder, checkGroupedFold } from './identity-groups.ts';
import { checkDenseWeights, checkDepthwiseRing, checkMaskedDense } from './identity-dense.ts';
import { checkGradientIsHetConv } from './identity-gradient.ts';

type Check = (test: IdentityCase, context: CaseContext) => Promise<number>;

const CHECKS: Readonly<Record<IdentityCase['identity'], Check>> = {
  // 1, 2 and 3 are one statement about different requests: P = 1, any P, K = 1.
  standard: checkMaskedDense,
  'masked-dense': checkMaskedDense,
  'one-by-one': checkMaskedDense,
  'grouped-fold': checkGroupedFold,
  'block-order': checkBlockOrder,
  'depthwise-ring': checkDepthwiseRing,
  'gradient-is-hetconv': checkGradientIsHetConv,
  'dense-weights': checkDenseWeights,
};

export function checkIdentity(test: IdentityCase, context: CaseContext): Promise<number> {
  return CHECKS[test.identity](test, context);
}
