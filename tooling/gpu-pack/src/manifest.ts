/** What a pack holds, as `manifest.json` tells it to `unpack.py`. */

export interface PackItem {
  /** A file, or a tree of them as a tar. */
  readonly kind: 'file' | 'tree';
  /** Data may be missing, or come later: the rest runs without it. */
  readonly optional: boolean;
  /** Where it goes below the folder in which the pack is unpacked. */
  readonly into: string;
  /** The xz stream (or, for `plain`, the file itself), cut into pieces: paths below the pack, in order. */
  readonly pieces: readonly string[];
  readonly compression: 'xz' | 'plain';
  /** Of the pieces joined. */
  readonly sha256: string;
  readonly executable: boolean;
}

export interface Manifest {
  /** Of the Node that is packed, or null where the machine's own is used. */
  readonly node: string | null;
  /** `uname -m` of the machines that it is for. */
  readonly machine: string;
  /** Of the training set that is packed, as `--data` calls it. */
  readonly data: string | null;
  readonly items: readonly PackItem[];
}
