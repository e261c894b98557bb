/** Layers of real networks, given by the caller: this package knows no zoo. */
import { hetConvMacs, planHetConv, type PlanRequest } from '@hetconv/core';
import type { CaseSet, LayerCase } from '../case.ts';
import { requestId } from '../request-id.ts';

/** A layer of a network, for instance one of `distinctLayers()` of @hetconv/zoo-classification. */
export interface NamedLayer {
  /** Where it occurs, e.g. `resnet20-cifar/stage2_block1_conv2/p4`. */
  readonly name: string;
  readonly request: PlanRequest;
}

/** Multiply-adds of a layer up to which the CI set takes it: those of networks for images of 32 x 32. */
const MOST_CI_MACS = 5e6;

/** @throws InvalidArgumentError where a layer is not what the specification defines */
export function layerCases(seed: number, set: CaseSet, layers: readonly NamedLayer[]): LayerCase[] {
  const taken = layers.filter(
    ({ request }) => set === 'full' || hetConvMacs(planHetConv(request, 'buildCases: layers')) <= MOST_CI_MACS,
  );
  return taken.flatMap(({ name, request }) =>
    (['integer', 'normal'] as const).map((style) => layerCase(seed, name, request, style)),
  );
}

function layerCase(seed: number, name: string, request: PlanRequest, style: LayerCase['style']): LayerCase {
  return {
    kind: 'layer',
    id: `layers/${name}/${requestId(request)}/${style}`,
    family: 'layers',
    seed,
    request,
    style,
  };
}

/** The case of such an id; it names its layer, so no list is needed. */
export function layerCaseOf(id: string, seed: number, request: PlanRequest): LayerCase {
  return { kind: 'layer', id, family: 'layers', seed, request, style: id.endsWith('/normal') ? 'normal' : 'integer' };
}
