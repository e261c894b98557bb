/**
 * The campaign: `node tooling/mutants/campaign.ts [--places cpu,wasm] [--only ID,ID] [--faults] [--processes 2]`. Without a selection
 * everything; `--faults` only the faults in kernels made from the oracle; `--first` ends each mutant with the first family that catches it.
 * Writes results.json and the table in packages/conformance/MUTANTS.md. Ends with code 1 where a mutant survives, or could not be judged.
 */
import { parseArgs } from 'node:util';
import { FAULT_NAMES, judgeFaults } from './faults.ts';
import { MUTANTS } from './list/index.ts';
import { problemOf } from './open.ts';
import { digestOf, type Mutant, type Place } from './mutant.ts';
import {
  type FaultResult,
  type MutantResult,
  readResults,
  replaceFile,
  type Results,
  writeResults,
} from './results.ts';
import { type Judged, runBaseline, runMutants } from './run-mutants.ts';
import { DOCUMENT, toMarkdown } from './table.ts';

const { values } = parseArgs({
  options: {
    places: { type: 'string' },
    only: { type: 'string' },
    processes: { type: 'string', default: '2' },
    first: { type: 'boolean', default: false },
    faults: { type: 'boolean', default: false },
  },
});

const mutants = values.faults ? [] : select(values.places?.split(','), values.only?.split(','));
const problems: string[] = [];
const runtimes: Partial<Record<Place, string>> = {};
const standing: Place[] = [];
for (const place of new Set(mutants.map((mutant) => mutant.place))) {
  const answer = await runBaseline(place);
  if (answer.kind === 'verdict' && Object.keys(answer.verdict.caughtBy).length === 0) {
    say(`${place}: passes without a mutant`);
    runtimes[place] = answer.runtime;
    standing.push(place);
  } else {
    const why =
      answer.kind === 'verdict' ? `fails without a mutant: ${answer.verdict.caughtBy.whole}` : reasonOf(answer);
    problems.push(`${place}: ${why}`);
  }
}
await runMutants(
  mutants.filter(({ place }) => standing.includes(place)),
  { processes: Number(values.processes), stopAtFirst: values.first, onJudged: report },
);
const isWhole = values.only === undefined && values.places === undefined;
const faults = isWhole || values.faults ? await judgeFaults((fault) => say(`${sign(fault)} ${fault.name}`)) : undefined;
save([], faults);
for (const problem of problems) say(problem);
say(`${MUTANTS.length} mutants and ${FAULT_NAMES.length} faults: ${DOCUMENT}`);
if (problems.length > 0) process.exitCode = 1;

/** @throws Error for a place or an id that selects nothing */
function select(places: readonly string[] | undefined, ids: readonly string[] | undefined): readonly Mutant[] {
  const unknown = [
    ...(places ?? []).filter((place) => !MUTANTS.some((mutant) => mutant.place === place)),
    ...(ids ?? []).filter((id) => !MUTANTS.some((mutant) => mutant.id === id)),
  ];
  if (unknown.length > 0) throw new Error(`There is no mutant of ${unknown.join(', ')}.`);
  return MUTANTS.filter(({ place, id }) => (places?.includes(place) ?? true) && (ids?.includes(id) ?? true));
}

/** Saves each verdict as it comes: GPU places take long, and may be stopped. */
function report({ mutant, answer }: Judged): void {
  save([{ mutant, answer }], undefined);
  if (answer.kind !== 'verdict') {
    problems.push(`${mutant.id}: ${reasonOf(answer)}`);
    say(`? ${mutant.id}: ${reasonOf(answer)}`);
    return;
  }
  const families = Object.keys(answer.verdict.caughtBy);
  const problem = problemOf(mutant, answer.verdict);
  if (problem !== undefined) problems.push(problem);
  say(`${sign(answer.verdict)} ${mutant.id}: ${families.join(' ') || 'SURVIVES'}`);
}

function save(newMutants: readonly Judged[], newFaults: readonly FaultResult[] | undefined): void {
  const before = readResults();
  const found = new Map(before.mutants.map((result) => [result.id, result]));
  for (const { mutant, answer } of newMutants) {
    if (answer.kind !== 'verdict') continue;
    found.set(mutant.id, { id: mutant.id, digest: digestOf(mutant), ...answer.verdict });
  }
  const known = MUTANTS.flatMap(({ id }): MutantResult[] => {
    const result = found.get(id);
    return result === undefined ? [] : [result];
  });
  const results: Results = {
    runtimes: { ...before.runtimes, ...runtimes },
    mutants: known,
    faults: newFaults ?? before.faults,
  };
  writeResults(results);
  replaceFile(DOCUMENT, toMarkdown(MUTANTS, results));
}

function sign({ caughtBy }: { readonly caughtBy: object }): string {
  return Object.keys(caughtBy).length > 0 ? '●' : '○';
}

function reasonOf(answer: Exclude<Judged['answer'], { kind: 'verdict' }>): string {
  return answer.kind === 'error' ? answer.message : `cannot run here: ${answer.reason}`;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
