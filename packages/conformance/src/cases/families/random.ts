/** Requests and passes at random, and how to make a failing one smaller. Their ids spell all of a case, so that any can be replayed. */
import { type Activation, fused as fusedOps, hetConvMacs, planHetConv, type PlanRequest } from '@hetconv/core';
import fc from 'fast-check';
import type { CasePass, FusedSpec, PassCase } from '../case.ts';
import { isValidRequest, passCase } from '../make.ts';
import { requestId, requestOf } from '../request-id.ts';

/** What the float64 oracle computes in milliseconds. */
const MOST_MACS = 2e5;

const PASSES: readonly CasePass[] = [
  'forward',
  'fused',
  'inputGradient',
  'pointwiseGradient',
  'spatialGradient',
  'biasGradient',
];

const side = (max: number): fc.Arbitrary<number> => fc.integer({ min: 1, max });
const pair = (max: number): fc.Arbitrary<[number, number]> => fc.tuple(side(max), side(max));
/** Mostly few, sometimes more than a tile of any kernel. */
const channels: fc.Arbitrary<number> = fc.oneof(
  { withCrossShrink: true },
  { weight: 4, arbitrary: side(12) },
  { weight: 1, arbitrary: side(70) },
);
const pads: fc.Arbitrary<PlanRequest['pad']> = fc.oneof(
  { withCrossShrink: true },
  fc.constantFrom<PlanRequest['pad'][]>('valid', 'same'),
  fc.nat({ max: 2 }),
  fc
    .tuple(fc.nat({ max: 3 }), fc.nat({ max: 3 }), fc.nat({ max: 3 }), fc.nat({ max: 3 }))
    .map(([top, bottom, left, right]): PlanRequest['pad'] => [
      [0, 0],
      [top, bottom],
      [left, right],
      [0, 0],
    ]),
);

const requests: fc.Arbitrary<PlanRequest> = fc
  .record({
    batch: side(3),
    size: pair(11),
    inChannels: channels,
    outChannels: channels,
    part: side(70),
    kernelSize: pair(5),
    strides: pair(3),
    dilations: pair(3),
    pad: pads,
  })
  .map(({ batch, size, inChannels, strides, part, dilations, ...rest }) => ({
    ...rest,
    inputShape: [batch, ...size, inChannels] as const,
    part: Math.min(part, inChannels),
    strides,
    // Above 1 only without strides.
    dilations: strides.every((stride) => stride === 1) ? dilations : 1,
  }))
  .filter((request) => isValidRequest(request) && isModest(request))
  // As it is read from an id: a pair of equals is one number.
  .map((request) => requestOf(requestId(request)) ?? request);

const epilogues: fc.Arbitrary<FusedSpec> = fc
  .record({
    bias: fc.constantFrom(...(['none', 'scalar', 'channel'] as const)),
    activation: fc.constantFrom<Activation[]>(...fusedOps.ACTIVATIONS),
  })
  .map((fused) => (fused.activation === 'prelu' ? { ...fused, slopes: 'channel' } : fused));

/** The cases of the family 'random'. */
export function randomCases(seed: number): fc.Arbitrary<PassCase> {
  return fc
    .record({ request: requests, pass: fc.constantFrom(...PASSES), isInteger: fc.boolean(), fused: epilogues })
    .map(({ request, pass, isInteger, fused }) => {
      const plain = { family: 'random', seed, pass, request } as const;
      if (pass !== 'fused') return passCase({ ...plain, style: isInteger ? 'integer' : 'normal' });
      return passCase({ ...plain, style: 'normal', fused });
    });
}

const EPILOGUE = /^(?<activation>[a-z]+6?)(?:-(?<slopes>channel))?-bias-(?<bias>none|scalar|channel)$/;

/** The case of such an id, made by this seed or in another process; undefined where it is none. */
export function randomCaseOf(id: string, seed: number): PassCase | undefined {
  const [pass, ...rest] = id.split('/').slice(1);
  const style = rest.at(-1) === 'integer' ? 'integer' : 'normal';
  const request = requestOf(id);
  if (request === undefined || !isValidRequest(request) || !PASSES.includes(pass as CasePass)) return undefined;
  const plain = { family: 'random', seed, pass: pass as CasePass, request, style } as const;
  const spelled = EPILOGUE.exec(rest.at(-2) ?? '')?.groups;
  const made =
    pass === 'fused' && spelled !== undefined ? passCase({ ...plain, fused: epilogueOf(spelled) }) : passCase(plain);
  return made.id === id ? made : undefined;
}

function epilogueOf({ activation, slopes, bias }: Readonly<Record<string, string | undefined>>): FusedSpec {
  const fused = { activation, bias } as FusedSpec;
  return slopes === undefined ? fused : { ...fused, slopes: 'channel' };
}

function isModest(request: PlanRequest): boolean {
  const plan = planHetConv(request);
  return plan.outHeight > 0 && plan.outWidth > 0 && plan.batch * hetConvMacs(plan) <= MOST_MACS;
}
