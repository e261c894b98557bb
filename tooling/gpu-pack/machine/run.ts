/**
 * The stages on the machine, one after the other; each goes on where another failed. What is written into OUT is flat and few:
 * summary.md, summary.json, log.txt, conformance.html and .json, bench.html, cudnn.json, train.html.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { runProcess } from './process.ts';
import type { Context, Outcome, Stage } from './stage.ts';
import { benchStage } from './stages/bench.ts';
import { conformanceStage } from './stages/conformance.ts';
import { environmentStage } from './stages/environment.ts';
import { sanitizerStage } from './stages/sanitizer.ts';
import { trainStage } from './stages/train.ts';
import { type Done, summaryText, writeSummary } from './summary.ts';

const STAGES: readonly Stage[] = [environmentStage, conformanceStage, benchStage, trainStage, sanitizerStage];

const HELP = `run.sh [STAGE...] [--out FOLDER] [--seconds N] [--quick]

  STAGE      ${STAGES.map(({ name }) => name).join(', ')}, or all (default); unpack: only unpack
  --out      where reports go [$OUT, or ./out]
  --seconds  the most that one stage may take [600]
  --quick    everything once, small: does it work?

Exits with 0 only if no stage failed; one that is skipped says why.
`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    work: { type: 'string', default: '.' },
    out: { type: 'string', default: process.env.OUT ?? 'out' },
    seconds: { type: 'string', default: '600' },
    quick: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
const unknown = positionals.find((name) => name !== 'all' && !STAGES.some((stage) => stage.name === name));
const seconds = Number(values.seconds);
if (values.help || unknown !== undefined || !(seconds > 0)) {
  if (unknown !== undefined) process.stderr.write(`'${unknown}' is no stage.\n\n`);
  (values.help ? process.stdout : process.stderr).write(HELP);
  process.exitCode = values.help ? 0 : 2;
} else {
  process.exitCode = await runStages(positionals.length === 0 ? ['all'] : positionals);
}

async function runStages(names: readonly string[]): Promise<number> {
  const [work, out] = [resolve(values.work), resolve(values.out)];
  mkdirSync(out, { recursive: true });
  const log = join(out, 'log.txt');
  writeFileSync(log, '');
  const context: Context = {
    work,
    out,
    quick: values.quick,
    seconds,
    program: (name) => [process.execPath, join(import.meta.dirname, `${name}.js`)],
    run: (command, options) => runProcess(command, { seconds, log, ...options }),
  };
  const done: Done[] = [];
  for (const stage of STAGES.filter(({ name }) => names.includes('all') || names.includes(name))) {
    process.stderr.write(`${stage.title} ...\n`);
    const start = performance.now();
    const outcome = await outcomeOf(stage, context);
    done.push({ name: stage.name, title: stage.title, seconds: (performance.now() - start) / 1000, ...outcome });
    process.stderr.write(`${stage.title}: ${outcome.status}: ${outcome.lines[0] ?? ''}\n`);
    await writeSummary(out, done);
  }
  process.stdout.write(summaryText(done));
  return done.some(({ status }) => status === 'failed') ? 1 : 0;
}

/** A stage that throws has failed, and the next one begins. */
async function outcomeOf(stage: Stage, context: Context): Promise<Outcome> {
  try {
    return await stage.run(context);
  } catch (error) {
    return { status: 'failed', lines: [error instanceof Error ? (error.stack ?? error.message) : String(error)] };
  }
}
