/** What a verdict means, beside the survivors that are known. */
import type { Verdict } from './judge.ts';
import { OPEN } from './list/open.ts';
import type { Mutant } from './mutant.ts';

/** Why a verdict fails the campaign, if it does. */
export function problemOf({ id, what, file }: Mutant, { caughtBy }: Pick<Verdict, 'caughtBy'>): string | undefined {
  const families = Object.keys(caughtBy);
  const isOpen = id in OPEN;
  if (families.length === 0) return isOpen ? undefined : `${id} SURVIVES: ${what} (${file})`;
  return isOpen ? `${id} is caught by ${families.join(', ')}: take it off the list of open ones.` : undefined;
}
