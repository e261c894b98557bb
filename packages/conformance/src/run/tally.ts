/** Turns outcomes into a backend's report, line by line. */
import type { HetConvKernels } from '@hetconv/core';
import type { ConformanceCase } from '../cases/case.ts';
import { type BackendReport, type Counts, noCounts, type VariantReport } from '../report/report.ts';
import { gapOf, type KnownGap } from '../gaps/known-gap.ts';
import type { Outcome } from './run-case.ts';

export class Tally {
  readonly #report: BackendReport;
  readonly #seed: number;
  /** The gaps of this backend and the ids of the cases that each has matched. */
  readonly #gaps: ReadonlyMap<KnownGap, string[]>;

  constructor(kernels: HetConvKernels, facts: BackendReport['facts'], gaps: readonly KnownGap[], seed: number) {
    const variants = kernels.variants.map(({ name, pass }): [string, VariantReport] => [
      name,
      { ...noCounts(), pass, families: {} },
    ]);
    this.#seed = seed;
    this.#gaps = new Map(gaps.map((gap) => [gap, []]));
    this.#report = {
      available: true,
      ...noCounts(),
      facts,
      variants: Object.fromEntries(variants),
      families: {},
      failures: [],
      skips: [],
      knownGaps: [],
      milliseconds: 0,
    };
  }

  add(test: ConformanceCase, outcome: Outcome): void {
    const { id, family } = test;
    const gap = gapOf(this.#gaps.keys(), id);
    if (gap !== undefined) this.#gaps.get(gap)?.push(id);
    const replay = `(seed ${test.seed}; replay with --case ${id} --seed ${test.seed})`;
    const counted = this.#countersOf(family, outcome.variants);
    if (outcome.status === 'skipped') {
      this.#report.skips.push({ id, reason: outcome.reason });
      for (const counts of counted) counts.skipped++;
    } else if (outcome.status === 'failed' && gap !== undefined) {
      for (const counts of counted) counts.xfailed++;
    } else if (outcome.status === 'failed' || gap !== undefined) {
      const message =
        outcome.status === 'failed'
          ? outcome.message
          : `Passes, although it is a known gap: ${gap?.reason}. Remove the gap '${gap?.match}'.`;
      this.#report.failures.push({ id, message: `${message} ${replay}`, variants: [...outcome.variants] });
      for (const counts of counted) counts.failed++;
    } else {
      for (const counts of counted) {
        counts.passed++;
        counts.worstRatio = Math.max(counts.worstRatio, outcome.worstRatio);
      }
    }
  }

  /** A variant that is declared and was never executed has not been shown to work. */
  requireCoverage(): void {
    for (const [name, variant] of Object.entries(this.#report.variants)) {
      if (variant.passed + variant.failed + variant.xfailed > 0) continue;
      variant.failed++;
      this.#fail(`coverage/${name}`, `The variant '${name}' (${variant.pass}) is declared, but no case has run it.`, [
        name,
      ]);
    }
  }

  /** A gap that matches nothing is a gap no more, or a mistyped one. */
  requireUse(): void {
    for (const [{ match, reason }, cases] of this.#gaps) {
      if (cases.length === 0) this.#fail(`known-gap/${match}`, `No case matches this known gap: ${reason}.`, []);
    }
  }

  finish(milliseconds: number): BackendReport {
    const knownGaps = [...this.#gaps].map(([{ match, reason }, cases]) => ({ match, reason, cases }));
    return { ...this.#report, knownGaps, milliseconds };
  }

  get failed(): number {
    return this.#report.failed;
  }

  #fail(id: string, message: string, variants: readonly string[]): void {
    this.#report.failed++;
    this.#report.failures.push({ id, message: `${message} (seed ${this.#seed})`, variants });
  }

  /** The totals of the backend, of the family, of each variant, and of the family within each variant. */
  #countersOf(family: ConformanceCase['family'], variants: ReadonlySet<string>): Counts[] {
    const counters: Counts[] = [this.#report, (this.#report.families[family] ??= noCounts())];
    for (const name of variants) {
      const variant = this.#report.variants[name];
      counters.push(variant, (variant.families[family] ??= noCounts()));
    }
    return counters;
  }
}
