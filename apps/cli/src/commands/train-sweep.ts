/** `hetconv train sweep`: an experiment's trainings, what is missing of them, and its report. */
import '../backends/tfjs.ts';
import { mkdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { type SweepResult, sweepColumns, sweepSummary, sweepTitle } from '@hetconv/report';
import { lockFolder } from '@hetconv/train/node';
import { defineCommand } from 'citty';
import { list, positiveInteger } from '../output/choices.ts';
import { emitJson, note, print } from '../output/emit.ts';
import { CheckFailedError, UsageError } from '../output/failure.ts';
import { readSavedSweep } from '../output/saved-result.ts';
import { renderTable } from '../output/table.ts';
import { dataArgument } from '../sweep/data-argument.ts';
import { type Experiment, parseSeeds, readExperiment } from '../sweep/experiment.ts';
import { measureLatency } from '../sweep/measure-latency.ts';
import { writeSweepFiles } from '../sweep/report-files.ts';
import { runLocally, type SweepRun } from '../sweep/run-local.ts';
import { openJobs, openSweep, resultOf, type Sweep, trainMissing } from '../sweep/run-sweep.ts';
import { interruptible } from '../training/interruption.ts';

export const trainSweepCommand = defineCommand({
  meta: {
    name: 'train sweep',
    description: 'Train what is missing of an experiment: hetconv train sweep FILE --data DATA --out FOLDER',
  },
  args: {
    file: { type: 'positional', description: 'The experiment as JSON; see experiments/', required: false },
    data: {
      type: 'string',
      description: 'Where its images are: FOLDER, or dataset:FOLDER [HETCONV_DATA]',
      valueHint: 'DATA',
    },
    out: {
      type: 'string',
      description: 'Where the trainings and the report go, a folder for each training [name of the experiment]',
      valueHint: 'FOLDER',
    },
    jobs: { type: 'string', description: 'Trainings at a time [cores]', valueHint: 'N' },
    seeds: { type: 'string', description: "Instead of the experiment's, separated by commas", valueHint: 'S1,S2,..' },
    backend: { type: 'string', description: "Instead of the experiment's", valueHint: 'B' },
    queue: {
      type: 'string',
      description: 'Train on machines that run `hetconv train worker`, through a Redis server',
      valueHint: 'redis://HOST:PORT',
    },
    'latency-backends': {
      type: 'string',
      description: 'Where to measure how long one image takes, once all is trained',
      default: 'cpu,wasm',
      valueHint: 'B1,B2,..',
    },
    latency: { type: 'boolean', description: 'Measure latency; --no-latency to leave it out', default: true },
    'checkpoint-seconds': {
      type: 'string',
      description: 'Between checkpoints inside an epoch',
      default: '120',
      valueHint: 'S',
    },
    'dry-run': { type: 'boolean', description: 'Say what would be trained' },
    'report-only': { type: 'boolean', description: 'Write the report of what there is, train and measure nothing' },
    from: {
      type: 'string',
      description: 'Write the report of a results.json (or report.html) into --out; needs no experiment',
      valueHint: 'FILE',
    },
    json: { type: 'boolean', description: 'One JSON document on stdout' },
  },
  async run({ args }) {
    const { json = false } = args;
    if (args.from !== undefined) {
      if (args.out === undefined) throw new UsageError('--from needs --out FOLDER, where the report goes.');
      const result = readSavedSweep('--from', args.from);
      finish(result, args.out, json);
      return;
    }
    if (args.file === undefined) throw new UsageError('give the file of an experiment, or --from FILE.');
    const experiment = chosen(readExperiment(args.file), args.seeds, args.backend);
    const out = args.out ?? experiment.name;
    const checkpointSeconds = positiveInteger('--checkpoint-seconds', args['checkpoint-seconds']);
    const processes = args.jobs === undefined ? availableParallelism() : positiveInteger('--jobs', args.jobs);
    list('--latency-backends', args['latency-backends']);
    if (args['dry-run']) {
      printPlan(await openSweep(experiment, out, undefined), json);
      return;
    }
    if (args['report-only']) {
      finish(resultOf(await openSweep(experiment, out, undefined)), out, json);
      return;
    }
    const data = dataArgument(experiment.data, args.data);
    mkdirSync(out, { recursive: true });
    const lock = await lockFolder(out);
    try {
      const sweep = await openSweep(experiment, out, data);
      const runner = async (run: SweepRun): Promise<void> => {
        if (args.queue === undefined) return runLocally(run, { data, processes, checkpointSeconds });
        const { runByQueue } = await import('../sweep/queue.ts');
        return runByQueue(run, args.queue);
      };
      const consequence =
        args.queue === undefined
          ? 'every training writes a checkpoint after its step'
          : 'the workers go on with what they have; the same command collects it';
      const isInterrupted = await interruptible(consequence, async (signal) => {
        await trainMissing(sweep, signal, runner);
        return signal.aborted;
      });
      const trained = resultOf(sweep);
      const result = args.latency && !isInterrupted ? await measureLatency(trained, args['latency-backends']) : trained;
      finish(result, out, json);
      check(sweep, isInterrupted);
    } finally {
      await lock.release();
    }
  },
});

function chosen(experiment: Experiment, seeds: string | undefined, backend: string | undefined): Experiment {
  return {
    ...experiment,
    ...(seeds !== undefined && { seeds: parseSeeds('--seeds', seeds) }),
    ...(backend !== undefined && { backend }),
  };
}

function finish(result: SweepResult, out: string, json: boolean): void {
  const report = writeSweepFiles(out, result, false);
  if (json) emitJson({ ...result, out: resolve(out) });
  else {
    print(`${sweepTitle(result)}\n`);
    for (const { text } of sweepSummary(result)) print(text);
    print(renderTable(result.rows, sweepColumns(result)));
  }
  note(`Report: ${report}`);
}

function check(sweep: Sweep, isInterrupted: boolean): void {
  const { failures, jobs } = sweep;
  const open = openJobs(sweep);
  if (open.length === 0) return;
  const failed = [...failures.keys()].map(({ name }) => name);
  const what = failed.length === 0 ? '' : `failed: ${failed.join(', ')}; `;
  const how = isInterrupted ? 'stopped; ' : '';
  throw new CheckFailedError(
    `${how}${what}${open.length} of ${jobs.length} trainings are not done. The same command goes on with them.`,
  );
}

function printPlan({ experiment, out, jobs, states }: Sweep, json: boolean): void {
  const plan = jobs.map((job) => {
    const state = states.get(job) ?? { status: 'missing' };
    const epochs = 'log' in state ? state.log.length : 0;
    const { model, kind, part } = job.row;
    return { name: job.name, model, kind, part, seed: job.seed, status: state.status, epochs };
  });
  if (json) {
    emitJson({ experiment: experiment.name, out: resolve(out), jobs: plan });
    return;
  }
  print(
    renderTable(plan, [
      { title: 'training', align: 'left', cell: ({ name }) => join(out, name) },
      { title: 'state', align: 'left', cell: ({ status }) => status },
      { title: 'epochs', cell: ({ epochs }) => String(epochs) },
    ]),
  );
  print(`${plan.filter(({ status }) => status === 'missing' || status === 'begun').length} of ${plan.length} to train`);
}
