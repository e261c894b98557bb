/** The machine and the versions behind a figure. */
import { describeBackends, environment, type Environment } from '@hetconv/bench';
import type { Selection } from './select.ts';

export type EnvironmentReport = Environment;

/**
 * What a result says of where it was measured, the browser where one ran and every backend's device included.
 *
 * @param start `environment()` before anything was measured: how busy the machine was with other things
 */
export async function describeEnvironment(
  { providers, browser }: Selection,
  start: EnvironmentReport = environment(),
): Promise<EnvironmentReport> {
  const page = await browser?.environment();
  return {
    ...start,
    ...(page !== undefined && { browser: page.browser }),
    backends: { ...describeBackends(providers), ...page?.backends },
  };
}
