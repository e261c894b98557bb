/** What a stage is given, and what it gives. */
import type { Finished, ProcessOptions } from './process.ts';

export interface Context {
  /** Where the pack is unpacked. */
  readonly work: string;
  /** Where reports go. */
  readonly out: string;
  /** Everything once, small: does it work? */
  readonly quick: boolean;
  /** The most that a stage may take. */
  readonly seconds: number;
  /** A program of the pack, by the name of its file. */
  readonly program: (name: string) => readonly string[];
  readonly run: (command: readonly string[], options?: Partial<Omit<ProcessOptions, 'log'>>) => Promise<Finished>;
}

export interface Outcome {
  readonly status: 'passed' | 'failed' | 'skipped';
  /** Markdown, a line each; the first says it all. */
  readonly lines: readonly string[];
  /** For scripts. */
  readonly figures?: unknown;
}

export interface Stage {
  readonly name: string;
  readonly title: string;
  run(context: Context): Promise<Outcome>;
}
