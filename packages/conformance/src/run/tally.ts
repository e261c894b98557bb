/** Turns outcomes into a backend's report, line by line. */
import type { ConformanceCase, Family } from '../cases/case.ts';
import { type BackendReport, type Counts, noCounts, type VariantReport } from '../report/report.ts';
import { gapOf, type KnownGap } from '../gaps/known-gap.ts';
import type { Target } from './context.ts';
import type { Outcome } from './run-case.ts';

export class Tally {
  readonly #report: BackendReport;
  readonly #seed: number;
  /** The gaps of this backend and the ids of the cases that each has matched. */
  readonly #gaps: ReadonlyMap<KnownGap, string[]>;

  /** What the provider's `resources` declare, and has not been executed yet. */
  readonly #unused: Set<string>;
  readonly #notApplicable: Partial<Record<Family, string>> = {};

  constructor({ provider, kernels, device }: Target, gaps: readonly KnownGap[], seed: number) {
    const variants = kernels.variants.map(({ name, pass }): [string, VariantReport] => [
      name,
      { ...noCounts(), pass, families: {} },
    ]);
    this.#seed = seed;
    this.#gaps = new Map(gaps.map((gap) => [gap, []]));
    this.#unused = new Set(Object.keys(provider.resources ?? {}));
    this.#report = {
      available: true,
      ...noCounts(),
      facts: provider.describe?.() ?? {},
      ...(device === undefined ? {} : { device }),
      notApplicable: this.#notApplicable,
      variants: Object.fromEntries(variants),
      families: {},
      failures: [],
      skips: [],
      knownGaps: [],
      milliseconds: 0,
    };
  }

  /** The known gap that a case falls into, if any. */
  gapOf({ id }: ConformanceCase): KnownGap | undefined {
    return gapOf(this.#gaps.keys(), id);
  }

  /** Says why a family that was asked for has no case. */
  noteAbsence(family: Family, reason: string): void {
    this.#notApplicable[family] = reason;
  }

  add(test: ConformanceCase, outcome: Outcome): void {
    const { id, family } = test;
    if (outcome.status !== 'skipped') for (const name of outcome.resources) this.#unused.delete(name);
    const gap = this.gapOf(test);
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

  /** What is declared and was never executed, a variant or an entry of `resources`, has not been shown to work. */
  requireCoverage(): void {
    for (const [name, variant] of Object.entries(this.#report.variants)) {
      if (variant.passed + variant.failed + variant.xfailed > 0) continue;
      variant.failed++;
      this.#fail(`coverage/${name}`, `The variant '${name}' (${variant.pass}) is declared, but no case has run it.`, [
        name,
      ]);
    }
    for (const name of this.#unused) {
      const skip = this.#report.skips.find(({ id }) => id.startsWith('resources/'));
      const why = skip === undefined ? '' : ` Skipped: ${skip.reason}.`;
      this.#fail(`coverage/resources.${name}`, `'resources.${name}' is declared, but no case has run it.${why}`, []);
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
  #countersOf(family: Family, variants: ReadonlySet<string>): Counts[] {
    const counters: Counts[] = [this.#report, (this.#report.families[family] ??= noCounts())];
    for (const name of variants) {
      const variant = this.#report.variants[name];
      counters.push(variant, (variant.families[family] ??= noCounts()));
    }
    return counters;
  }
}
