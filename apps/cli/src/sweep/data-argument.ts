/** Which images an experiment is trained on: the name is the experiment's, the folder this machine's. */
import { UsageError } from '../output/failure.ts';
import { datasetNamed, nameOf, splitData } from '../training/load-data.ts';

/**
 * @param name of the experiment: a known set, or that of a folder of pictures
 * @param value of `--data`: FOLDER, or dataset:FOLDER
 * @returns the same for `hetconv train --data`
 * @throws UsageError where it is other data
 */
export function dataArgument(name: string, value: string | undefined): string {
  const wanted = datasetNamed(name);
  if (value === undefined) {
    if (wanted !== undefined) return wanted; // found by HETCONV_DATA
    throw new UsageError(`--data: the experiment is of a folder of pictures called '${name}': say where it is.`);
  }
  const { id, folder } = splitData(value);
  if (wanted !== undefined && id === undefined) return `${wanted}:${value}`;
  if (id === wanted && (wanted !== undefined || nameOf(folder ?? '') === name)) return value;
  throw new UsageError(`--data: '${value}' is not '${name}', which the experiment is of.`);
}
