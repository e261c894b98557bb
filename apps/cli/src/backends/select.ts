/** From `--backends` to prepared providers, and the reasons why others are missing. */
import type { BackendProvider } from '@hetconv/core';
import './tfjs.ts';
import { list } from '../output/choices.ts';
import { note } from '../output/emit.ts';
import { UsageError } from '../output/failure.ts';
import { discoverBackends } from './discover.ts';

/**
 * @param names 'all', or names separated by commas
 * @returns the backends that can run here, in the order asked for; those of 'all' that cannot are named on stderr
 * @throws UsageError for an unknown name, or one asked for by name that cannot run here
 */
export async function selectBackends(names: string): Promise<BackendProvider[]> {
  const known = await discoverBackends();
  const isAll = names === 'all';
  const wanted = isAll ? known : list('--backends', names).map((name) => byName(known, name));
  const selected: BackendProvider[] = [];
  for (const provider of wanted) {
    const availability = await provider.prepare();
    if (availability.available) selected.push(provider);
    else if (isAll) note(`skipped: ${provider.name}: ${availability.reason}`);
    else throw new UsageError(`--backends: ${provider.name} cannot run here: ${availability.reason}`);
  }
  return selected;
}

function byName(known: readonly BackendProvider[], name: string): BackendProvider {
  const provider = known.find((candidate) => candidate.name === name);
  if (provider === undefined) {
    throw new UsageError(`--backends: '${name}' is not known. Found: all, ${known.map((one) => one.name).join(', ')}.`);
  }
  return provider;
}
