// `npm start`: the main job. HetConv networks and their standard twins on real images, on every backend of this machine.
// Arguments after `--` go to both runs of `hetconv bench model`. With one that asks for a single result the first run is all.
import { prepareWorkspace, run } from './workspace.mjs';

const JOBS = [
  {
    shows: 'ResNet-20, trained on Fashion-MNIST: how often it is right, whether the backends agree, and its speed.',
    network: ['resnet20-cifar', '--weights', 'pretrained'],
    report: 'reports/main-job.html',
  },
  {
    shows:
      'VGG-16, untrained: speed where convolutions are large. Its accuracy would mean nothing and is not measured.',
    network: ['vgg16-cifar', '--count', '4'],
    report: 'reports/main-job-vgg16.html',
  },
];

// Rounds and seconds: both runs together within a minute and a half on two cores that have other work, too.
const COMMON = ['--part', '4,64', '--images', 'fixture', '--backends', 'all', '--rounds', '10', '--budget', '3'];

const extra = process.argv.slice(2);
const isSingle = extra.some((argument) => /^--(json|report|compare)(=|$)/.test(argument));

prepareWorkspace();
for (const { shows, network, report } of isSingle ? JOBS.slice(0, 1) : JOBS) {
  console.error(`\n${shows}\n`); // stdout is the result's, which may be JSON
  run('node', ['apps/cli/src/main.ts', 'bench', 'model', ...network, ...COMMON, '--report', report, ...extra]);
}
