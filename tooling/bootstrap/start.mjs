// `npm start`: the main job. HetConv networks and their standard twin on real images, on every backend of this machine.
// Arguments after `--` go to `hetconv bench model`.
import { prepareWorkspace, run } from './workspace.mjs';

prepareWorkspace();
const job = [
  'vgg16-cifar',
  '--part',
  '4,64',
  '--images',
  'fixture',
  '--backends',
  'all',
  '--report',
  'reports/main-job.html',
];
run('node', ['apps/cli/src/main.ts', 'bench', 'model', ...job, ...process.argv.slice(2)]);
