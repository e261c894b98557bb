/** The part of @hetconv/layers that needs Node: models on disk. */
export { fileSystem } from './files/file-system.ts';
