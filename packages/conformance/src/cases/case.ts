/**
 * What a case is: JSON data with an address. A case says what to compute and by which rule it is judged; nothing in it
 * is code, so that it can be stored, sent to a page, or replayed by its id and seed alone.
 */
import type { Activation, Pass, PlanRequest } from '@hetconv/core';
import type { ErrorCall } from './error-call.ts';

/** The families, in the order in which they run and are reported. */
export const FAMILIES = [
  'geometry',
  'channels',
  'exhaustive',
  'tiles',
  'layers',
  'fused',
  'identities',
  'metamorphic',
  'adjoint',
  'gradients',
  'special',
  'errors',
  'format',
  'random',
  'memory',
  'resources',
] as const;

export type Family = (typeof FAMILIES)[number];

/** `ci`: minutes for all backends, every family. `full`: everything, which takes hours on a software rasteriser. */
export const SETS = ['ci', 'full'] as const;

export type CaseSet = (typeof SETS)[number];

/** One computation of the operator: its forward passes and its four gradients. */
export type CasePass = 'forward' | 'fused' | 'inputGradient' | 'pointwiseGradient' | 'spatialGradient' | 'biasGradient';

/** What a gradient is taken of. */
export type Differentiable = 'x' | 'pointwise' | 'spatial' | 'bias';

/**
 * `integer`: small integers whose sums stay below 2^24, so that the result must be exactly the oracle's.
 * `dyadic`: such integers divided by 16: exact as well, and small enough not to saturate a sigmoid.
 * `normal`: truncated normal values, judged by the derived bound.
 */
export type ValueStyle = 'integer' | 'dyadic' | 'normal';

/** What follows the sum. Slopes of 'prelu' come from the seed, in the given shape. */
export interface FusedSpec {
  readonly bias: 'none' | 'scalar' | 'channel';
  readonly activation: Activation;
  readonly leakyreluAlpha?: number;
  /** How 'prelu' slopes are shaped: one value, one a channel, or one an output element of an image. */
  readonly slopes?: 'scalar' | 'channel' | 'image';
}

/** A value that JSON cannot hold, planted at one place of one tensor. */
export interface SpecialValue {
  readonly tensor: 'x' | 'dy' | 'pointwise' | 'spatial' | 'bias';
  /** `subnormal` is 2^-130, planted into a tensor of zeros: each result is one product with it, or 0 on a device that flushes. */
  readonly value: 'NaN' | 'Infinity' | '-Infinity' | '-0' | 'subnormal';
  /**
   * Images: the pixel in the middle, in the middle of the first row, or in the last corner, its middle channel; `last`: its last
   * channel, whose residue may be a shorter one. Weights: the first entry or the
   * last (their taps lie over padding somewhere), `unused`: every entry of `spatial` that is no weight, or `all`.
   */
  readonly at: 'interior' | 'edge' | 'corner' | 'first' | 'last' | 'unused' | 'all';
}

interface CaseBase {
  /** Unique address, beginning with the family. */
  readonly id: string;
  readonly family: Family;
  /** The seed of the whole set; values are drawn from seed and id together. */
  readonly seed: number;
}

/** One pass against the float64 oracle. */
export interface PassCase extends CaseBase {
  readonly kind: 'pass';
  readonly pass: CasePass;
  readonly request: PlanRequest;
  readonly style: ValueStyle;
  readonly fused?: FusedSpec;
  readonly special?: SpecialValue;
  /** The kernel variant that must serve the pass: set by the sweeps around tile edges. */
  readonly variant?: string;
}

/** All four passes of one request on the same numbers, each against the oracle. */
export interface PassesCase extends CaseBase {
  readonly kind: 'passes';
  readonly request: PlanRequest;
  readonly style: ValueStyle;
}

/**
 * A layer of a real network, all four passes. Too large for the whole oracle: `integer` checks every value through an exact random
 * projection of the result, `normal` single values against theirs.
 */
export interface LayerCase extends CaseBase {
  readonly kind: 'layer';
  readonly request: PlanRequest;
  readonly style: 'integer' | 'normal';
}

/** The identities of the specification; each holds on the backend itself and against the oracle. */
export const IDENTITIES = [
  'standard',
  'masked-dense',
  'one-by-one',
  'grouped-fold',
  'block-order',
  'depthwise-ring',
  'gradient-is-hetconv',
  'dense-weights',
] as const;

export interface IdentityCase extends CaseBase {
  readonly kind: 'identity';
  readonly identity: (typeof IDENTITIES)[number];
  readonly request: PlanRequest;
  readonly style: ValueStyle;
}

/** How a result must follow another of the same backend, whatever both are; see `checks/metamorphic.ts`. */
export const RELATIONS = [
  'linear-in-images',
  'linear-in-weights',
  'channel-rotation',
  'group-rotation',
  'batch-split',
  'translation',
  'nchw',
] as const;

/** Two or more calls on the backend, whose results must be related exactly. The oracle is not asked. */
export interface MetamorphicCase extends CaseBase {
  readonly kind: 'metamorphic';
  readonly relation: (typeof RELATIONS)[number];
  readonly pass: Pass;
  readonly request: PlanRequest;
  readonly style: 'integer';
}

/** <dy, f(x)> = <f'(dy), x>, for x or for one weight tensor (the other then being zero). */
export interface AdjointCase extends CaseBase {
  readonly kind: 'adjoint';
  readonly wrt: Exclude<Differentiable, 'bias'>;
  readonly request: PlanRequest;
  readonly style: ValueStyle;
}

/**
 * The gradient that `tf.grads` gives for activation(hetConv2d + bias): against the oracle, or, `dense`, against the oracle side by
 * side with the backend's own `tf.conv2d` and the masked dense filter.
 */
export interface GradientCase extends CaseBase {
  readonly kind: 'gradient';
  readonly wrt: Differentiable;
  readonly against: 'oracle' | 'dense';
  readonly request: PlanRequest;
  readonly style: ValueStyle;
  readonly activation: Activation;
}

/** A call that must be refused, by the named error about the named argument, leaving no tensor behind. */
export interface ErrorCase extends CaseBase {
  readonly kind: 'error';
  readonly call: ErrorCall;
  readonly expect: { readonly error: string; readonly code: string; readonly argument?: string };
}

/** The same numbers in another rank, format or place. */
export interface FormatCase extends CaseBase {
  readonly kind: 'format';
  readonly form: 'rank3' | 'nchw' | 'rank3-nchw' | 'nested-arrays' | 'foreign-tensors' | 'travelling-tensors';
  readonly pass: 'forward' | 'inputGradient';
  readonly request: PlanRequest;
  readonly style: ValueStyle;
}

/** Many calls in a row: flat memory, and no result of an earlier call. */
export interface MemoryCase extends CaseBase {
  readonly kind: 'memory';
  readonly passes: readonly CasePass[];
  readonly request: PlanRequest;
  readonly repeats: number;
}

/** The same weight tensors, one or both, in two layers in turn. */
export interface SharingCase extends CaseBase {
  readonly kind: 'sharing';
  readonly pass: 'forward' | 'inputGradient';
  readonly shared: readonly ('pointwise' | 'spatial')[];
  readonly request: PlanRequest;
  /** The second layer, with weights of the same shapes; absent where it differs in its weights alone. */
  readonly other?: PlanRequest;
}

/** What may befall a backend. Those that take it away run last; it is added anew afterwards. */
export const SCENARIOS = ['concurrent-reads', 'out-of-memory', 'removed-and-added', 'lost-device'] as const;

export interface ResourceCase extends CaseBase {
  readonly kind: 'resource';
  readonly scenario: (typeof SCENARIOS)[number];
  /** An ordinary layer, computed before and after. */
  readonly request: PlanRequest;
}

export type ConformanceCase =
  | PassCase
  | PassesCase
  | LayerCase
  | IdentityCase
  | MetamorphicCase
  | AdjointCase
  | GradientCase
  | ErrorCase
  | FormatCase
  | MemoryCase
  | SharingCase
  | ResourceCase;
