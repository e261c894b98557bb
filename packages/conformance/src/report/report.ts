/** What a run reports. The names are those of `hetconv conformance --json`; scripts rely on them. */
import type { CaseSet, Family } from '../cases/case.ts';
import type { Environment } from '../environment.ts';
import type { DeviceFacts } from '../run/device.ts';

export interface Counts {
  passed: number;
  failed: number;
  skipped: number;
  /** Failures that a known gap expects. */
  xfailed: number;
  /** Largest error in units of u * sum|product|, u = 2^-24. Above 8 it wants a look. */
  worstRatio: number;
}

export interface VariantReport extends Counts {
  /** The pass that it serves. */
  readonly pass: string;
  readonly families: Partial<Record<Family, Counts>>;
}

export interface CaseFailure {
  /** A case id; or `coverage/...` and `known-gap/...` for what the run as a whole must show. */
  readonly id: string;
  readonly message: string;
  readonly variants: readonly string[];
}

export interface CaseSkip {
  readonly id: string;
  readonly reason: string;
}

/** A known gap and what it came to. */
export interface GapReport {
  readonly match: string;
  readonly reason: string;
  /** Ids of the cases that failed as expected. */
  readonly cases: readonly string[];
}

export interface BackendReport extends Counts {
  readonly available: boolean;
  /** Why it is not available. */
  readonly reason?: string;
  /** Where it ran, if elsewhere than the rest of the report: in a browser, on another machine. */
  readonly environment?: Environment;
  /** Run-time facts of the backend: instruction set, threads, adapter. */
  readonly facts: Readonly<Record<string, string | number | boolean>>;
  readonly variants: Record<string, VariantReport>;
  readonly families: Partial<Record<Family, Counts>>;
  readonly failures: CaseFailure[];
  readonly skips: CaseSkip[];
  readonly knownGaps: GapReport[];
  readonly milliseconds: number;
  /** What the device computes with, as measured. Absent where the backend is not available or lacks the operations. */
  readonly device?: DeviceFacts;
  /** Families that were asked for and have no case here, with the reason. */
  readonly notApplicable?: Partial<Record<Family, string>>;
}

export interface ConformanceReport {
  readonly environment: Environment;
  readonly seed: number;
  /** The families that were asked for. */
  readonly families: readonly Family[];
  /** Number of cases with different ids. */
  readonly cases: number;
  readonly backends: Record<string, BackendReport>;
  /** True when at least one case has run and nothing failed anywhere. */
  readonly ok: boolean;
  /** Why `ok` is false, in lines for a person. */
  readonly problems: readonly string[];
  readonly set: CaseSet;
}

export function noCounts(): Counts {
  return { passed: 0, failed: 0, skipped: 0, xfailed: 0, worstRatio: 0 };
}
