/** `hetconv train worker`: trains what sweeps on other machines have put into a queue. */
import { availableParallelism } from 'node:os';
import { defineCommand } from 'citty';
import { positiveInteger } from '../output/choices.ts';
import { note } from '../output/emit.ts';
import { runWorker } from '../sweep/worker.ts';
import { interruptible } from '../training/interruption.ts';
import { DATA_HELP, nameOf, splitData } from '../training/load-data.ts';

export const trainWorkerCommand = defineCommand({
  meta: {
    name: 'train worker',
    description: 'Train for sweeps on other machines: hetconv train worker --queue URL --data DATA --out FOLDER',
  },
  args: {
    queue: { type: 'string', description: 'The Redis server', required: true, valueHint: 'redis://HOST:PORT' },
    data: { type: 'string', description: `Its trainings are taken: ${DATA_HELP}`, required: true, valueHint: 'DATA' },
    out: {
      type: 'string',
      description: 'Where trainings stand, to go on after a crash',
      default: 'worker',
      valueHint: 'FOLDER',
    },
    jobs: { type: 'string', description: 'Trainings at a time [cores]', valueHint: 'N' },
    'stalled-seconds': {
      type: 'string',
      description: 'Without a sign of life for so long, a training is given to another worker',
      default: '60',
      valueHint: 'S',
    },
    'checkpoint-seconds': {
      type: 'string',
      description: 'Between checkpoints inside an epoch',
      default: '120',
      valueHint: 'S',
    },
  },
  async run({ args }) {
    const { id, folder } = splitData(args.data);
    const dataName = id ?? nameOf(folder ?? '');
    const processes = args.jobs === undefined ? availableParallelism() : positiveInteger('--jobs', args.jobs);
    const options = {
      url: args.queue,
      dataName,
      data: args.data,
      out: args.out,
      processes,
      checkpointSeconds: positiveInteger('--checkpoint-seconds', args['checkpoint-seconds']),
      stalledSeconds: positiveInteger('--stalled-seconds', args['stalled-seconds']),
    };
    note(`waiting for trainings on ${dataName}, ${processes} at a time; Ctrl-C ends it`);
    await interruptible('the trainings write checkpoints and go back to the queue', (signal) =>
      runWorker({ ...options, signal }),
    );
  },
});
