/** Which machine this is: what nvidia-smi says, and what our backend sees through the driver. Fails where the backend cannot run. */
import { arch, cpus, release, totalmem } from 'node:os';
import { reasonOf } from '../process.ts';
import type { Stage } from '../stage.ts';

const ASKED = ['name', 'driver_version', 'pstate', 'clocks.sm', 'clocks.max.sm', 'clocks.mem', 'temperature.gpu'];
const ALSO_ASKED = ['power.draw', 'memory.used', 'memory.total', 'utilization.gpu', 'compute_mode', 'mig.mode.current'];

export const environmentStage: Stage = {
  name: 'environment',
  title: 'Environment',
  async run({ run, program }) {
    const asked = [...ASKED, ...ALSO_ASKED];
    const smi = await run(['nvidia-smi', `--query-gpu=${asked.join(',')}`, '--format=csv,noheader']);
    const gpus = smi.code === 0 ? smi.stdout.trim().split('\n') : [];
    const nvidiaSmi = gpus.map((line) => Object.fromEntries(line.split(', ').map((value, i) => [asked[i], value])));
    const facts = await run(program('facts'));
    const seen = JSON.parse(facts.stdout || '{"available":false}') as Seen;
    const host = {
      cpu: cpus()[0]?.model,
      cores: cpus().length,
      memoryBytes: totalmem(),
      arch: arch(),
      kernel: release(),
    };
    const why = seen.reason ?? facts.stderr.trim();
    return {
      status: seen.available ? 'passed' : 'failed',
      lines: [
        seen.available ? `${seen.device?.name}, CUDA ${seen.device?.driver}` : `the cuda backend cannot run: ${why}`,
        ...gpus.map((line) => `nvidia-smi: ${line}`),
        ...(smi.code === 0 ? [] : [`nvidia-smi ${reasonOf(smi)}`]),
        `${host.cpu}, ${host.cores} cores; Node ${process.versions.node}; Linux ${host.kernel}`,
      ],
      figures: { nvidiaSmi, device: seen.device ?? null, host, node: process.versions.node },
    };
  },
};

interface Seen {
  readonly available: boolean;
  readonly reason?: string;
  readonly device?: Readonly<Record<string, string | number | boolean>>;
}
