/** Programs that a stage starts: ended with all their children when their time is over, everything they say kept in the log. */
import { spawn } from 'node:child_process';
import { appendFileSync } from 'node:fs';

export interface ProcessOptions {
  /** After which it is killed. */
  readonly seconds: number;
  /** File to which stdout and stderr are added. */
  readonly log: string;
  readonly env?: Readonly<Record<string, string>>;
}

export interface Finished {
  /** Exit code; null where it could not start or was killed. */
  readonly code: number | null;
  readonly isTooLong: boolean;
  readonly seconds: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Never throws: a program that is not there ends with `code: null` and the reason in `stderr`. */
export function runProcess([file, ...args]: readonly string[], options: ProcessOptions): Promise<Finished> {
  const { seconds, log, env = {} } = options;
  const start = performance.now();
  appendFileSync(log, `\n$ ${[...Object.entries(env).map((pair) => pair.join('=')), file, ...args].join(' ')}\n`);
  return new Promise((resolve) => {
    // A process group of its own: killed with its children.
    const child = spawn(file, args, {
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...env },
    });
    const texts = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const) {
      child[name].setEncoding('utf8').on('data', (text: string) => {
        texts[name] += text;
        appendFileSync(log, text);
      });
    }
    let isTooLong = false;
    const timer = setTimeout(() => {
      isTooLong = true;
      endGroup(child.pid);
    }, 1000 * seconds);
    const end = (code: number | null): void => {
      clearTimeout(timer);
      resolve({ code, isTooLong, seconds: (performance.now() - start) / 1000, ...texts });
    };
    child.on('error', (error) => {
      texts.stderr += error.message;
      end(null);
    });
    child.on('close', end);
  });
}

function endGroup(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error; // it has just ended
  }
}

/** Why it failed, in a line: the last that it said. */
export function reasonOf({ code, isTooLong, seconds, stderr, stdout }: Finished): string {
  if (isTooLong) return `not done after ${seconds.toFixed(0)} s`;
  return `ended with ${code ?? 'no exit code'}: ${lastLine(stderr) || lastLine(stdout) || 'no word'}`;
}

function lastLine(text: string): string | undefined {
  return text.trim().split('\n').at(-1);
}
