/** What is timed: something that runs on the device, in this process or in another. */

export interface DeviceContender {
  readonly name: string;
  /** Milliseconds of device time of each of so many runs. Before each of them the cache is filled with other things. */
  time(runs: number): Promise<readonly number[]>;
}

/** Names are keys of samples; these are all that there are. */
export const contenderNames = {
  dense: 'dense',
  hetConv: (part: number): string => `HetConv P=${part}`,
  cudnnDense: 'cuDNN dense',
  cudnnTf32: 'cuDNN dense TF32',
  cudnnGrouped: (groups: number): string => `cuDNN grouped G=${groups}`,
  torchHetConv: (part: number): string => `PyTorch 1x1 + grouped P=${part}`,
} as const;
