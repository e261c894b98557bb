/** The command as a process: what scripts see of it. */
import { execFile, type ExecFileOptions } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export const main: string = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export function run(args: readonly string[], options: Pick<ExecFileOptions, 'cwd' | 'env'> = {}): Promise<Outcome> {
  return new Promise((resolve) => {
    execFile(process.execPath, [main, ...args], { ...options, encoding: 'utf8' }, (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr });
    });
  });
}

export function hetconv(...args: string[]): Promise<Outcome> {
  return run(args);
}
