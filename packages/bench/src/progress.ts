/** What a long measurement tells while it runs, and how it is stopped. */

export interface BenchProgress {
  /** What is being done, for a person: `cpu: comparing outputs`. */
  readonly stage: string;
  /** Steps of the stage that are done. */
  readonly loaded: number;
  readonly total: number;
}

export interface BenchOptions {
  readonly onProgress?: (progress: BenchProgress) => void;
  readonly signal?: AbortSignal;
  /** Rounds measured at least; default 9. */
  readonly minRounds?: number;
  /** Rounds measured at most; default 51. */
  readonly maxRounds?: number;
  /** After this many milliseconds no further round begins once `minRounds` are done; default 5000. */
  readonly budgetMs?: number;
}
