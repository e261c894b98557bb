/** Runs a task in a process of its own, so that its modules, registrations and heap are fresh. */
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Answer, Task } from './messages.ts';

const child = fileURLToPath(new URL('./child.ts', import.meta.url));

/** What a mutant writes is not of interest, unless its process dies of it. */
const KEPT_OUTPUT = 2000;

/** @param limit milliseconds after which the process is ended */
export function runChild(task: Task, limit: number): Promise<Answer> {
  return new Promise((resolve) => {
    const running = fork(child, [JSON.stringify(task)], { stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
    let output = '';
    let answer: Answer | undefined;
    running.stderr?.on('data', (text: Buffer) => (output = (output + text.toString()).slice(-KEPT_OUTPUT)));
    running.on('message', (message) => (answer = message as Answer));
    const timer = setTimeout(() => {
      answer ??= { kind: 'error', message: `no answer within ${limit / 1000} seconds` };
      running.kill();
    }, limit);
    running.on('close', (code) => {
      clearTimeout(timer);
      resolve(answer ?? { kind: 'error', message: `the process ended with code ${code}: ${output}` });
    });
  });
}
