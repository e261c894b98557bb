/**
 * Builds the native addon of tfjs-node, from the C++ sources in its package, on a TensorFlow of today: the folder `tensorflow` of the
 * Python package (`pip install tensorflow-cpu`), which holds the headers and the library. For tests: tfjs-node's own download is
 * TensorFlow 2.9 and cannot always be had.
 *
 *     node tools/build-addon.ts FOLDER FILE.node
 */
import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';

const LIBRARIES = ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2'];

/**
 * @param tensorflow the folder of the Python package
 * @param file where the addon goes
 * @throws what g++ says, on stderr
 */
export function buildAddon(tensorflow: string, file: string): void {
  const sources = join(
    dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-node/package.json')),
    'binding',
  );
  const headers = join(dirname(dirname(process.execPath)), 'include', 'node');
  const options = ['-std=c++17', '-O2', '-fPIC', '-shared', '-DNAPI_VERSION=8', '-DNODE_GYP_MODULE_NAME=tfjs_binding'];
  const includes = [headers, dirname(sources), join(tensorflow, 'include')].map((folder) => `-I${folder}`);
  const inputs = ['tfjs_backend.cc', 'tfjs_binding.cc'].map((name) => join(sources, name));
  const links = [`-L${tensorflow}`, ...LIBRARIES.map((name) => `-l:${name}`), `-Wl,-rpath,${tensorflow}`];
  execFileSync('g++', [...options, ...includes, ...inputs, '-o', file, ...links], { stdio: 'inherit' });
}

const [tensorflow, file] = process.argv.slice(2);
if (tensorflow === undefined || file === undefined) {
  process.stderr.write('node tools/build-addon.ts FOLDER FILE.node\n');
  process.exitCode = 2;
} else {
  buildAddon(resolve(tensorflow), resolve(file));
}
