/** NVIDIA's compute-sanitizer over our kernels: reads and writes outside of tensors, races in shared memory. */
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { reasonOf } from '../process.ts';
import type { Outcome, Stage } from '../stage.ts';

const NAME = 'compute-sanitizer';
/** Where toolkits put it, beside the PATH. */
const FOLDERS = ['/usr/local/cuda/bin', '/opt/cuda/bin', '/usr/local/cuda/compute-sanitizer'];

const TOOLS = ['memcheck', 'racecheck'] as const;
/** Odd sizes and every epilogue first; then the layers around the edges of every kernel's tile. */
const FAMILIES = [['channels', 'fused'], ['tiles']] as const;
/** Tells a finding from a program that failed. */
const FOUND = 77;

export const sanitizerStage: Stage = {
  name: 'sanitizer',
  title: 'compute-sanitizer',
  async run({ run, program, quick, seconds }): Promise<Outcome> {
    const sanitizer = find();
    if (sanitizer === undefined) return { status: 'skipped', lines: [`${NAME} is not there`] };
    const lines: string[] = [];
    const start = performance.now();
    let isGood = true;
    for (const families of quick ? [['format']] : FAMILIES) {
      for (const tool of TOOLS) {
        const finished = await run(
          [sanitizer, '--tool', tool, '--error-exitcode', String(FOUND), ...program('sanitized'), ...families],
          {
            seconds: Math.max(1, seconds - (performance.now() - start) / 1000),
            env: { HETCONV_CUDA_MEMORY: 'exact' }, // every tensor an allocation that the tool watches
          },
        );
        isGood &&= finished.code === 0;
        const found = finished.code === FOUND ? 'FOUND ERRORS, see log.txt' : reasonOf(finished);
        const verdict = finished.code === 0 ? `clean in ${finished.seconds.toFixed(0)} s` : found;
        lines.push(`${tool} of ${families.join(', ')} and a training: ${verdict}`);
      }
    }
    return { status: isGood ? 'passed' : 'failed', lines };
  },
};

function find(): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(delimiter), ...FOLDERS];
  return folders.map((folder) => join(folder, NAME)).find((file) => existsSync(file));
}
