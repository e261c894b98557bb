/**
 * Do two runs of a benchmark on this machine say the same? Runs a command several times, each a process of its own, and compares every
 * two of its results: node packages/bench/tools/repeat.ts RUNS -- hetconv bench layer --preset cifar --part 4,M
 *
 * The command gets `--json`. Prints the share of rows that agree (see README), and how wide the intervals are: wide ones agree easily.
 */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { type BenchResult, compareResults, median, parseBenchResult } from '../src/index.ts';

const [count, separator, command, ...args] = process.argv.slice(2);
const runs = Number(count);
if (!Number.isInteger(runs) || runs < 2 || separator !== '--' || command === undefined)
  throw new Error('Usage: repeat.ts RUNS -- COMMAND ARGUMENTS.., with at least 2 runs');

const print = (line: string): void => void process.stdout.write(`${line}\n`);
const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

const results: BenchResult[] = [];
for (let run = 0; run < runs; run++) {
  const { stdout } = await promisify(execFile)(command, [...args, '--json'], { maxBuffer: 2 ** 28 });
  const result = parseBenchResult(JSON.parse(stdout));
  results.push(result);
  const widths = result.rows.map(({ speedupLow, speedupHigh }) => Math.sqrt(speedupHigh / speedupLow) - 1);
  const { load } = result.environment;
  print(
    `run ${run + 1}: ${result.rows.length} rows, interval ±${percent(median(widths))} (median), load ${String(load)}`,
  );
}

let [rows, agreeing, changed] = [0, 0, 0];
for (const [i, before] of results.entries()) {
  for (const after of results.slice(i + 1)) {
    const comparison = compareResults(before, after);
    rows += comparison.rows.length;
    agreeing += comparison.rows.filter(({ agrees }) => agrees).length;
    changed += comparison.rows.filter(({ verdict }) => verdict !== 'same').length;
  }
}
const pairs = (runs * (runs - 1)) / 2;
print(
  `${pairs} pairs of runs: ${agreeing} of ${rows} rows agree, ${percent(agreeing / rows)}; ${changed} called a change`,
);
