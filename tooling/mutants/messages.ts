/** What travels between the campaign and the process of one mutant. */
import type { Family } from '@hetconv/conformance';
import type { Place } from './mutant.ts';
import type { Verdict } from './judge.ts';

export interface Task {
  readonly place: Place;
  /** Absent: the sources as they are, in one run of the whole suite. */
  readonly mutant?: string;
  /** In this order. */
  readonly families: readonly Family[];
  readonly stopAtFirst: boolean;
}

export type Answer =
  | { readonly kind: 'verdict'; readonly verdict: Verdict; readonly runtime: string }
  | { readonly kind: 'unavailable'; readonly reason: string }
  | { readonly kind: 'error'; readonly message: string };
