/**
 * Starts the files that take longest first, so that no core waits for the last one. Vitest knows durations of an earlier
 * run only; on a fresh checkout it goes by file size, and the files that run a whole suite are our shortest.
 */
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** By name, the files that run a whole suite: most take half a minute to four on two cores. */
const LONG = /\/(campaign|sanitizer|zoo|conformance(-\w+)?)\.test\.ts$/;

export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const long = files.filter((file) => LONG.test(file.moduleId));
    const others = files.filter((file) => !LONG.test(file.moduleId));
    // oxlint-disable-next-line unicorn/no-array-sort -- not an array's
    return [...(await super.sort(long)), ...(await super.sort(others))];
  }
}
