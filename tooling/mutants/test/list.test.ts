/** The list fits the sources, and the table in the docs fits the list. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FAULT_NAMES } from '../faults.ts';
import { MUTANTS } from '../list/index.ts';
import { repository } from '../load-hook.ts';
import { OPEN } from '../list/open.ts';
import { digestOf, mutate } from '../mutant.ts';
import { problemOf } from '../open.ts';
import { readResults } from '../results.ts';
import { DOCUMENT, toMarkdown } from '../table.ts';

describe('the list', () => {
  it.each(MUTANTS)('$id changes its file at exactly one place', (mutant) => {
    const source = readFileSync(join(repository, mutant.file), 'utf8');
    expect(mutate(source, mutant)).not.toBe(source);
  });

  it('names no mutant twice', () => {
    const ids = MUTANTS.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe('the results', () => {
  const results = readResults();

  it('are those of these mutants and faults: node tooling/mutants/campaign.ts', () => {
    expect(results.mutants.map(({ id, digest }) => `${id} ${digest}`)).toEqual(
      MUTANTS.map((mutant) => `${mutant.id} ${digestOf(mutant)}`),
    );
    expect(results.faults.map(({ name }) => name)).toEqual(FAULT_NAMES);
  });

  it('know no survivor but the open ones, whose missing case is named', () => {
    const verdicts = new Map(results.mutants.map((result) => [result.id, result]));
    const problems = MUTANTS.map((mutant) => problemOf(mutant, verdicts.get(mutant.id) ?? { caughtBy: {} }));
    expect(problems.filter((problem) => problem !== undefined)).toEqual([]);
    expect(Object.keys(OPEN).filter((id) => !verdicts.has(id))).toEqual([]);
    expect(results.faults.filter(({ caughtBy }) => Object.keys(caughtBy).length === 0)).toEqual([]);
  });

  it('are what the table in the docs shows', () => {
    expect(readFileSync(DOCUMENT, 'utf8')).toBe(toMarkdown(MUTANTS, results));
  });
});
