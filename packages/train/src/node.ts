/** What training needs of Node: batches from another thread, checkpoints and figures on disk. */
export { checkpointFolder, CHECKPOINT_FILES, loadCheckpoint, readCheckpointHeader } from './node/checkpoint-folder.ts';
export { type FolderLock, folderHolder, lockFolder } from './node/folder-lock.ts';
export { type LogFile, openLog, readLog } from './node/log-file.ts';
export { openSource, sharedImages, type SourceSpec } from './node/source-spec.ts';
export { workerLoader } from './node/worker-loader.ts';
export type { WorkerSetup } from './node/batch-worker.ts';
