/** The part of @hetconv/layers that needs Node: models on disk, and the way in which files are written. */
export { fileSystem } from './files/file-system.ts';
export { writeFileAtomically } from './files/atomic-write.ts';
