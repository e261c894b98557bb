/** What a long measurement tells while it runs, how long it takes, and how it is stopped. */

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
  /**
   * Times that everything is made anew, warmed up and measured, at least 2; default 5. Intervals come from how blocks differ:
   * more blocks, narrower intervals.
   */
  readonly blocks?: number;
  /** Rounds measured at least, in all blocks together and at least one in each; default 15. */
  readonly minRounds?: number;
  /** Rounds measured at most, in all blocks together; default 100. */
  readonly maxRounds?: number;
  /** Milliseconds, per row and backend over all blocks, after which no further round begins once `minRounds` are done; default 5000. */
  readonly budgetMs?: number;
}
