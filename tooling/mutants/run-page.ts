/** Runs a task in a page of the command's headless browser: for backends that Node has no device for. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin } from 'rolldown';
import { BrowserSession } from '../../apps/cli/src/browser/session.ts';
import { judge, Unavailable } from './judge.ts';
import { MUTANTS } from './list/index.ts';
import { repository } from './load-hook.ts';
import type { Answer, Task } from './messages.ts';
import { type Mutant, mutate } from './mutant.ts';

export async function runPage(task: Task): Promise<Answer> {
  const { place, families, stopAtFirst } = task;
  const mutant = MUTANTS.find(({ id }) => id === task.mutant);
  const file = join(repository, 'packages', `backend-${place}`, 'src', 'index.ts');
  const session = await BrowserSession.open(
    [{ name: place, file }],
    mutant === undefined ? [] : [mutantPlugin(mutant)],
  );
  if (typeof session === 'string') return { kind: 'unavailable', reason: session };
  try {
    const verdict = await judge(
      async (options) => {
        const report = await session.run('conformance', { backends: [place], ...options });
        return report.backends[place];
      },
      mutant === undefined ? [] : families,
      stopAtFirst,
    );
    return { kind: 'verdict', verdict, runtime: session.browserName };
  } catch (error) {
    if (error instanceof Unavailable) return { kind: 'unavailable', reason: error.message };
    return { kind: 'error', message: String(error) };
  } finally {
    await session.close();
  }
}

function mutantPlugin(mutant: Mutant): Plugin {
  const file = join(repository, mutant.file);
  let isLoaded = false;
  return {
    name: 'hetconv-mutant',
    load(id) {
      if (id !== file) return undefined;
      isLoaded = true;
      return { code: mutate(readFileSync(file, 'utf8'), mutant), moduleType: 'ts' };
    },
    buildEnd() {
      if (!isLoaded) throw new Error(`${mutant.file} is not part of the page.`);
    },
  };
}
