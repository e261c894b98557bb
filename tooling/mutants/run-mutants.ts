/** Judges many mutants, a few at a time. */
import { FAMILIES, type Family } from '@hetconv/conformance';
import type { Answer, Task } from './messages.ts';
import type { Mutant, Place } from './mutant.ts';
import { runChild } from './run-child.ts';
import { runPage } from './run-page.ts';

/** A mutant that needs longer has gone astray; software rasterisers take about two minutes for the whole suite. */
const LIMIT: Readonly<Record<Place, number>> = {
  cpu: 300_000,
  composed: 300_000,
  wasm: 300_000,
  webgpu: 1_200_000,
  webgl: 1_200_000,
};

/** Where one family is enough: few cases that ask for much. */
const QUICK_FIRST: readonly Family[] = ['fused', 'special', 'gradients', 'adjoint', 'channels', 'format', 'memory'];

export interface Judged {
  readonly mutant: Mutant;
  readonly answer: Answer;
}

export interface RunOptions {
  /** Processes at a time. */
  readonly processes: number;
  /** True: one family that catches a mutant is enough. */
  readonly stopAtFirst: boolean;
  /** Families that are likely to catch it: asked first. */
  readonly likely?: (mutant: Mutant) => readonly Family[];
  readonly onJudged?: (judged: Judged) => void;
}

export async function runMutants(mutants: readonly Mutant[], options: RunOptions): Promise<Judged[]> {
  const { processes, stopAtFirst, likely = () => [], onJudged } = options;
  const judged: Judged[] = [];
  const waiting = [...mutants];
  const work = async (): Promise<void> => {
    for (let mutant = waiting.shift(); mutant !== undefined; mutant = waiting.shift()) {
      const order = stopAtFirst ? QUICK_FIRST : FAMILIES;
      const families = [...new Set([...likely(mutant), ...order, ...FAMILIES])];
      const answer = await runTask({ place: mutant.place, mutant: mutant.id, families, stopAtFirst });
      judged.push({ mutant, answer });
      onJudged?.({ mutant, answer });
    }
  };
  await Promise.all(Array.from({ length: processes }, work));
  return judged;
}

/** The sources as they are: the whole suite must pass, or nothing that follows means anything. */
export function runBaseline(place: Place): Promise<Answer> {
  return runTask({ place, families: FAMILIES, stopAtFirst: false });
}

function runTask(task: Task): Promise<Answer> {
  return task.place === 'webgl' ? runPage(task) : runChild(task, LIMIT[task.place]);
}
