/** What a run is asked for, and which cases that means. */
import type { BackendProvider } from '@hetconv/core';
import { casesOfId } from '../cases/address.ts';
import { buildCases } from '../cases/build.ts';
import { type CaseSet, type ConformanceCase, FAMILIES, type Family } from '../cases/case.ts';
import type { NamedLayer } from '../cases/families/layers.ts';
import type { KnownGap } from '../gaps/known-gap.ts';
import type { Target } from './context.ts';
import type { ConformanceProgress } from './run-backend.ts';

export interface ConformanceOptions {
  readonly providers: readonly BackendProvider[];
  /** Cases of your own instead of the built ones. */
  readonly cases?: readonly ConformanceCase[];
  /** Only the case of this id, of whichever set. */
  readonly caseId?: string;
  /** Only these families. */
  readonly families?: readonly Family[];
  /** Default 'ci': every family in some minutes for all backends. 'full' takes all of each. */
  readonly set?: CaseSet;
  /** Layers of networks for the family 'layers', such as `distinctLayers()` of @hetconv/zoo-classification; without any it does not run. */
  readonly layers?: readonly NamedLayer[];
  /** Milliseconds that the family 'random' draws cases for, a backend; 0 leaves it out. Default 3,000, in the full set 60,000. */
  readonly randomMs?: number;
  /** Default 1. */
  readonly seed?: number;
  /** Beside the built-in gaps of the composed form; see `composedGaps`. */
  readonly knownGaps?: readonly KnownGap[];
  /** Leave a backend after this many failures. */
  readonly bail?: number;
  readonly onProgress?: (progress: ConformanceProgress) => void;
  readonly signal?: AbortSignal;
}

/** The cases of one backend: those of the families, its own tile sweeps among them, or the one that was asked for. */
export function casesOf(options: ConformanceOptions, target: Target | undefined): readonly ConformanceCase[] {
  if (target === undefined) return [];
  const { caseId, families = FAMILIES, cases } = options;
  const wanted = { ...options, families, kernels: target.kernels };
  if (cases === undefined && caseId !== undefined) return casesOfId(caseId, wanted);
  return (cases ?? buildCases(wanted)).filter(
    ({ id, family }) => families.includes(family) && (caseId === undefined || id === caseId),
  );
}

/** How long 'random' runs, if it does: never beside cases of one's own. */
export function randomMsOf({
  cases,
  caseId,
  families = FAMILIES,
  set,
  randomMs,
}: ConformanceOptions): number | undefined {
  if (cases !== undefined || caseId !== undefined || randomMs === 0 || !families.includes('random')) return undefined;
  return randomMs ?? (set === 'full' ? 60_000 : 3000);
}

/** Families that were asked for and have no case, with the reason. */
export function absentFamilies(options: ConformanceOptions, { kernels }: Target): Map<Family, string> {
  const { families = FAMILIES, layers = [], randomMs } = options;
  const absent = new Map<Family, string>();
  if (layers.length === 0) absent.set('layers', 'no layers given');
  if (kernels.variants.length === 0) absent.set('tiles', 'no variant is declared');
  if (randomMs === 0) absent.set('random', 'no time given');
  for (const family of absent.keys()) if (!families.includes(family)) absent.delete(family);
  return absent;
}

/** Whether the run must also show coverage. */
export function isWhole({ cases, caseId, families, bail }: ConformanceOptions): boolean {
  return cases === undefined && caseId === undefined && families === undefined && bail === undefined;
}
