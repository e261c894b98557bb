/** The smallest `bench layer`: how the command behaves, not how fast anything is. */
export const TINY_LAYER: readonly string[] = [
  'bench',
  'layer',
  '--size',
  '5',
  '--in',
  '4',
  '--out',
  '6',
  '--rounds',
  '2',
  '--budget',
  '1',
  '--backends',
  'cpu',
];
