/** From `--backends` to backends that can run, here or in a browser, and the reasons why others cannot. */
import type { BackendProvider, Runtime } from '@hetconv/core';
import './tfjs.ts';
import { renderingOf } from '../browser/launch-flags.ts';
import { list } from '../output/choices.ts';
import { note } from '../output/emit.ts';
import { UsageError } from '../output/failure.ts';
import { BrowserBackends } from './browser.ts';
import { type DiscoveredBackend, discoverBackends } from './discover.ts';

const NO_GPU = 'this machine has no GPU; named in --backends it runs on a software rasteriser';

/** What a command runs on. */
export interface Selection {
  /** Prepared, in this process. */
  readonly providers: readonly BackendProvider[];
  /** Prepared in a page, where there are any. */
  readonly browser: BrowserBackends | undefined;
  close(): Promise<void>;
}

/** Behind a name it sends a backend to the browser that would run here as well. */
const IN_BROWSER = '@browser';

interface Wanted extends DiscoveredBackend {
  /** The name as it was asked for. */
  readonly label: string;
}

/**
 * A backend runs in this process where it can, and otherwise in a headless browser. 'all' leaves out what would run on a
 * software rasteriser: its speed says little of a GPU, and it is asked for by name.
 *
 * @param names 'all', or names separated by commas, `NAME@browser` to insist on the browser
 * @param where 'here' for a command that starts no browser
 * @returns the backends that can run, in the order asked for; those of 'all' that cannot are named on stderr
 * @throws UsageError for an unknown name, or one asked for by name that cannot run
 */
export async function selectBackends(names: string, where: 'here' | 'anywhere' = 'anywhere'): Promise<Selection> {
  const known = await discoverBackends();
  const isAll = names === 'all';
  const wanted = isAll
    ? known.map((backend) => ({ ...backend, label: backend.provider.name }))
    : list('--backends', names).map((label) => byLabel(known, label));
  const skip = (label: string, reason: string): void => {
    if (!isAll) throw new UsageError(`--backends: ${label} cannot run here: ${reason}`);
    note(`skipped: ${label}: ${reason}`);
  };

  const providers: BackendProvider[] = [];
  const forBrowser: Wanted[] = [];
  for (const one of wanted) {
    const { provider, label } = one;
    const runsIn = (runtime: Runtime): boolean => provider.environments?.includes(runtime) ?? true;
    const here =
      runsIn('node') && !label.endsWith(IN_BROWSER)
        ? await provider.prepare()
        : { available: false as const, reason: 'it runs in browsers' };
    if (here.available && isAll && provider.isSoftware?.()) skip(label, NO_GPU);
    else if (here.available) providers.push(provider);
    else if (!runsIn('browser') || where === 'here') skip(label, here.reason);
    else if (isAll && renderingOf() === 'software') {
      skip(label, NO_GPU);
    } else forBrowser.push(one);
  }
  const browser =
    forBrowser.length === 0
      ? undefined
      : await BrowserBackends.open(
          forBrowser.map(({ provider, file, label }) => ({ name: provider.name, file, label })),
          skip,
        );
  return { providers, browser, close: async () => browser?.close() };
}

function byLabel(known: readonly DiscoveredBackend[], label: string): Wanted {
  const name = label.endsWith(IN_BROWSER) ? label.slice(0, -IN_BROWSER.length) : label;
  const found = known.find(({ provider }) => provider.name === name);
  if (found === undefined) {
    const names = known.map(({ provider }) => provider.name).join(', ');
    const advice = `Another is found once its package is installed, as in: npm install @hetconv/backend-${name}`;
    throw new UsageError(`--backends: '${label}' is not known. Found: all, ${names}. ${advice}`);
  }
  return { ...found, label };
}
