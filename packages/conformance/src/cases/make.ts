/** How families put cases together: ids in one form, requests that the specification accepts. */
import { planHetConv, type PlanRequest } from '@hetconv/core';
import type { ConformanceCase, FusedSpec, PassCase, SpecialValue } from './case.ts';
import { requestId } from './request-id.ts';

/** A pass case; its id is `family/pass/request/details/style`. */
export function passCase(parts: Omit<PassCase, 'kind' | 'id'>): PassCase {
  const { family, pass, request, style, fused, special, variant } = parts;
  const details = [
    variant === undefined ? [] : [variant],
    [pass, requestId(request)],
    fused === undefined ? [] : [fusedId(fused)],
    special === undefined ? [] : [specialId(special)],
    [style],
  ];
  return { kind: 'pass', id: [family, ...details.flat()].join('/'), ...parts };
}

/** True where the specification defines the request. */
export function isValidRequest(request: PlanRequest): boolean {
  try {
    planHetConv(request);
    return true;
  } catch {
    return false;
  }
}

/** The first of each id: families may reach the same case on two ways. */
export function withoutRepeats<C extends ConformanceCase>(cases: readonly C[]): C[] {
  const byId = new Map<string, C>();
  for (const each of cases) if (!byId.has(each.id)) byId.set(each.id, each);
  return [...byId.values()];
}

function fusedId(fused: FusedSpec): string {
  const alpha = fused.leakyreluAlpha === undefined ? '' : `${fused.leakyreluAlpha}`;
  const slopes = fused.slopes === undefined ? '' : `-${fused.slopes}`;
  return `${fused.activation}${alpha}${slopes}-bias-${fused.bias}`;
}

function specialId(special: SpecialValue): string {
  return `${special.value}-in-${special.tensor}-${special.at}`;
}
