/** P as the page writes it: a number, or M for as many as a layer has input channels. */
export type PartName = number | 'channels';

export function partText(part: PartName): string {
  return part === 'channels' ? 'M' : String(part);
}

/** @returns undefined for what is no P */
export function parsePart(text: string): PartName | undefined {
  if (text === 'M') return 'channels';
  const value = Number(text);
  return Number.isInteger(value) && value >= 1 && value <= MOST_PARTS ? value : undefined;
}

const MOST_PARTS = 65_536;
