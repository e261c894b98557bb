/**
 * The public sets that are known by name: what they hold, where a user gets them, which files they have and what those files must
 * hash to. Data only; the `./node` entry finds and reads them. A checksum stands here only where it was computed from the set.
 */
import type { ImageShape } from '../images/images.ts';
import type { ChannelStatistics } from '../images/statistics.ts';
import { CIFAR100_CLASSES, CIFAR100_COARSE_CLASSES, CIFAR10_CLASSES, FASHION_MNIST_CLASSES } from './class-names.ts';

export type DatasetId = 'cifar10' | 'cifar100' | 'fashion-mnist' | 'mnist';

export type Split = 'train' | 'test';

export interface DatasetFile {
  /** Of the file that is read; with `.gz` behind it, it may also be gzip. */
  readonly name: string;
  readonly holds: 'records' | 'images' | 'labels';
  /** Images (or labels) in it. */
  readonly count: number;
  /** In bytes, unpacked. */
  readonly size: number;
  /** Of the unpacked bytes, so that it does not depend on who packed them; undefined where no verified copy was at hand. */
  readonly sha256?: string;
  /** What its authors publish: the file as downloaded, for `md5sum`. */
  readonly published?: { readonly name: string; readonly md5: string };
}

export interface DatasetInfo {
  readonly id: DatasetId;
  readonly title: string;
  readonly format: 'cifar10' | 'cifar100' | 'idx';
  /** As stored. */
  readonly shape: ImageShape;
  readonly classes: readonly string[];
  readonly coarseClasses?: readonly string[];
  /** Where a user gets it. */
  readonly homepage: string;
  /** What to download there. */
  readonly download: string;
  readonly licence: string;
  /** Where the files stand in a folder that holds several sets. */
  readonly folders: readonly string[];
  readonly splits: Readonly<Record<Split, readonly DatasetFile[]>>;
  /** Over the training images, computed with `channelStatistics` from files of the checksums above. */
  readonly statistics?: ChannelStatistics;
}

/** Per-channel statistics of ImageNet in [0, 1], which many CIFAR models are trained with too. */
export const IMAGENET_STATISTICS: ChannelStatistics = { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] };

function cifar10File(name: string, sha256: string, md5: string): DatasetFile {
  return { name, holds: 'records', count: 10_000, size: 30_730_000, sha256, published: { name, md5 } };
}

const CIFAR10: DatasetInfo = {
  id: 'cifar10',
  title: 'CIFAR-10',
  format: 'cifar10',
  shape: [32, 32, 3],
  classes: CIFAR10_CLASSES,
  homepage: 'https://www.cs.toronto.edu/~kriz/cifar.html',
  download: 'cifar-10-binary.tar.gz ("binary version")',
  licence: 'none stated; a research data set (A. Krizhevsky, 2009)',
  folders: ['cifar-10-batches-bin', 'cifar10', 'cifar-10'],
  splits: {
    train: [
      cifar10File(
        'data_batch_1.bin',
        'cee916563c9f80d84e3cc88e17fdc0941787f1244f00a67874d45b261883ada5',
        '5dd7e06a14cb22eb9f671a540d1b7c25',
      ),
      cifar10File(
        'data_batch_2.bin',
        'a591ca11fa1708a91ee40f54b3da4784ccd871ecf2137de63f51ada8b3fa57ed',
        '5ea93a67294ea407fff1d09f752e9692',
      ),
      cifar10File(
        'data_batch_3.bin',
        'bbe8596564c0f86427f876058170b84dac6670ddf06d79402899d93ceea26f67',
        '942cd6a4bcdd0dd3c604fbe906cb4421',
      ),
      cifar10File(
        'data_batch_4.bin',
        '014e562d6e23c72197cc727519169a60359f5eccd8945ad5a09d710285ff4e48',
        'ae636b3ba5c66a11e91e8cb52e771fcb',
      ),
      cifar10File(
        'data_batch_5.bin',
        '755304fc0b379caeae8c14f0dac912fbc7d6cd469eb67a1029a08a39453a9add',
        '53f37980c15c3d472c316c40844f3f0d',
      ),
    ],
    test: [
      cifar10File(
        'test_batch.bin',
        '8e2eb146ae340b09e24670f29cabc6326dba54da8789dab6768acf480273f65b',
        '803d5f7f4d78ea53de84dbe85f74fb6d',
      ),
    ],
  },
  statistics: {
    mean: [0.49139967861519607, 0.48215840839460783, 0.44653091444546567],
    std: [0.247032232463282, 0.24348512800005556, 0.26158784172796457],
  },
};

const CIFAR100: DatasetInfo = {
  id: 'cifar100',
  title: 'CIFAR-100',
  format: 'cifar100',
  shape: [32, 32, 3],
  classes: CIFAR100_CLASSES,
  coarseClasses: CIFAR100_COARSE_CLASSES,
  homepage: 'https://www.cs.toronto.edu/~kriz/cifar.html',
  download: 'cifar-100-binary.tar.gz ("binary version")',
  licence: 'none stated; a research data set (A. Krizhevsky, 2009)',
  folders: ['cifar-100-binary', 'cifar100', 'cifar-100'],
  splits: {
    train: [{ name: 'train.bin', holds: 'records', count: 50_000, size: 153_700_000 }],
    test: [{ name: 'test.bin', holds: 'records', count: 10_000, size: 30_740_000 }],
  },
};

const FASHION_MNIST: DatasetInfo = {
  id: 'fashion-mnist',
  title: 'Fashion-MNIST',
  format: 'idx',
  shape: [28, 28, 1],
  classes: FASHION_MNIST_CLASSES,
  homepage: 'https://github.com/zalandoresearch/fashion-mnist',
  download: 'the four files of its folder data/fashion, or the Debian package dataset-fashion-mnist',
  licence: 'MIT, Copyright 2017 Zalando SE',
  folders: ['fashion-mnist', 'FashionMNIST/raw', 'data/fashion', 'fashion'],
  splits: {
    train: [
      {
        name: 'train-images-idx3-ubyte',
        holds: 'images',
        count: 60_000,
        size: 47_040_016,
        sha256: 'c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888',
        published: { name: 'train-images-idx3-ubyte.gz', md5: '8d4fb7e6c68d591d4c3dfef9ec88bf0d' },
      },
      {
        name: 'train-labels-idx1-ubyte',
        holds: 'labels',
        count: 60_000,
        size: 60_008,
        sha256: 'bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9',
        published: { name: 'train-labels-idx1-ubyte.gz', md5: '25c81989df183df01b3e8a0aad5dffbe' },
      },
    ],
    test: [
      {
        name: 't10k-images-idx3-ubyte',
        holds: 'images',
        count: 10_000,
        size: 7_840_016,
        sha256: '5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b',
        published: { name: 't10k-images-idx3-ubyte.gz', md5: 'bef4ecab320f06d8554ea6380940ec79' },
      },
      {
        name: 't10k-labels-idx1-ubyte',
        holds: 'labels',
        count: 10_000,
        size: 10_008,
        sha256: '0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34',
        published: { name: 't10k-labels-idx1-ubyte.gz', md5: 'bb300cfdad3c16e7a12a480ee83cd310' },
      },
    ],
  },
  statistics: { mean: [0.2860405969887955], std: [0.35302424451492254] },
};

/** The files have the names and the sizes of Fashion-MNIST: which of the two they are, only its checksums tell. */
const MNIST: DatasetInfo = {
  id: 'mnist',
  title: 'MNIST',
  format: 'idx',
  shape: [28, 28, 1],
  classes: ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'],
  homepage: 'http://yann.lecun.com/exdb/mnist/',
  download: 'its four files',
  licence: 'CC BY-SA 3.0 (Y. LeCun, C. Cortes)',
  folders: ['mnist', 'MNIST/raw'],
  splits: {
    train: [
      { name: 'train-images-idx3-ubyte', holds: 'images', count: 60_000, size: 47_040_016 },
      { name: 'train-labels-idx1-ubyte', holds: 'labels', count: 60_000, size: 60_008 },
    ],
    test: [
      { name: 't10k-images-idx3-ubyte', holds: 'images', count: 10_000, size: 7_840_016 },
      { name: 't10k-labels-idx1-ubyte', holds: 'labels', count: 10_000, size: 10_008 },
    ],
  },
};

export const DATASETS: Readonly<Record<DatasetId, DatasetInfo>> = {
  cifar10: CIFAR10,
  cifar100: CIFAR100,
  'fashion-mnist': FASHION_MNIST,
  mnist: MNIST,
};
