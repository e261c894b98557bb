/** The queue between a sweep and its workers: BullMQ on Redis, loaded only where a queue is asked for. */
import type * as BullMQ from 'bullmq';
import type { Redis } from 'ioredis';
import { CheckFailedError, UsageError } from '../output/failure.ts';
import type { TrainTask } from './train-process.ts';

/** What travels to a worker. */
export interface QueuedTask extends TrainTask {
  readonly experiment: string;
  /** Of the job. */
  readonly name: string;
}

/** What comes back: the files of the training's folder stand in Redis until they are fetched. */
export interface QueuedResult {
  readonly files: readonly { readonly path: string; readonly sha256: string }[];
}

export type TrainQueue = BullMQ.Queue<QueuedTask, QueuedResult>;

export interface Server {
  readonly bullmq: typeof BullMQ;
  /** Of the same connection as the queue's. */
  readonly redis: Redis;
  /** One queue for each data set: a worker takes what it has the images of. */
  readonly queueName: string;
  close(): void;
}

/**
 * @param url redis://HOST:PORT, with USER:PASSWORD@ before and /DB behind where they are needed; rediss:// for TLS
 * @throws UsageError for another kind of address, or where the packages are missing; CheckFailedError where nothing answers
 */
export async function connect(url: string, data: string): Promise<Server> {
  const address = addressOf(url);
  const { bullmq, Client } = await packages();
  // BullMQ's own rule for connections that wait: retry for ever, the server may be restarted meanwhile.
  const redis = new Client(url, { lazyConnect: true, maxRetriesPerRequest: null });
  let lastError: Error | undefined;
  redis.on('error', (error: Error) => (lastError = error));
  try {
    await redis.connect();
  } catch (error) {
    redis.disconnect();
    const reason = (lastError ?? (error as Error)).message;
    throw new CheckFailedError(`--queue: ${address} cannot be reached: ${reason}`, { cause: error });
  }
  return { bullmq, redis, queueName: `hetconv-train-${data.replaceAll(':', '-')}`, close: () => redis.disconnect() };
}

/** Where the files of a job stand: a hash, path to bytes. */
export function filesKey({ queueName }: Server, jobId: string): string {
  return `${queueName}:files:${jobId}`;
}

/** Without the password. */
function addressOf(url: string): string {
  if (!URL.canParse(url) || !/^rediss?:\/\//.test(url))
    throw new UsageError(`--queue: '${url}' must be redis://HOST:PORT or rediss://HOST:PORT.`);
  const { protocol, host } = new URL(url);
  return `${protocol}//${host}`;
}

async function packages(): Promise<{ readonly bullmq: typeof BullMQ; readonly Client: typeof Redis }> {
  try {
    const [bullmq, ioredis] = await Promise.all([import('bullmq'), import('ioredis')]);
    return { bullmq, Client: ioredis.Redis };
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw cause;
    throw new UsageError('--queue needs two packages beside @hetconv/cli: npm install bullmq ioredis', { cause });
  }
}
