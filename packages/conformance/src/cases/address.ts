/** From a case's id back to the case, whichever set it is of, and in whichever process it was met. */
import { buildCases, type BuildOptions, DEFAULT_SEED } from './build.ts';
import { type ConformanceCase, FAMILIES, type Family } from './case.ts';
import { layerCaseOf } from './families/layers.ts';
import { randomCaseOf } from './families/random.ts';
import { isValidRequest } from './make.ts';
import { requestOf } from './request-id.ts';

/** The case of this id, or none; `options` as those of `buildCases`, of which the set does not matter. */
export function casesOfId(id: string, options: BuildOptions): readonly ConformanceCase[] {
  const { seed = DEFAULT_SEED, families = FAMILIES } = options;
  const family = id.slice(0, id.indexOf('/')) as Family;
  if (!families.includes(family)) return [];
  if (family === 'random') {
    const test = randomCaseOf(id, seed);
    return test === undefined ? [] : [test];
  }
  const built = buildCases({ ...options, set: 'full', families: [family] }).filter((test) => test.id === id);
  if (family !== 'layers' || built.length > 0) return built;
  const request = requestOf(id);
  return request === undefined || !isValidRequest(request) ? [] : [layerCaseOf(id, seed, request)];
}
