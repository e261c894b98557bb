/** The page: plain files with relative addresses, for any static host. */
import { conformanceStyles, styles } from '@hetconv/report';
import { defineConfig, type Plugin } from 'vite';
import { cataloguePlugin } from './catalogue-plugin.ts';
import { trainedFilesPlugin } from './trained-files-plugin.ts';
import { wasmThreadsPlugin } from './wasm-threads-plugin.ts';

/** Isolated, a page has shared memory, and with it the threads of the wasm backend. Elsewhere the page works without. */
const ISOLATION: Readonly<Record<string, string>> = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

/** Bundled before the first request of the dev server: met later, a second tfjs-core may appear. */
const TFJS: readonly string[] = [
  '@tensorflow/tfjs-core',
  '@tensorflow/tfjs-layers',
  '@tensorflow/tfjs-backend-cpu',
  '@tensorflow/tfjs-backend-wasm',
  '@tensorflow/tfjs-backend-webgl',
  '@tensorflow/tfjs-backend-webgpu',
];

export default defineConfig({
  base: './',
  plugins: [cataloguePlugin(), trainedFilesPlugin(), reportStyles()],
  worker: { format: 'es', plugins: () => [trainedFilesPlugin(), wasmThreadsPlugin()] },
  build: { target: 'es2022', assetsInlineLimit: 0, chunkSizeWarningLimit: 2000 },
  server: { headers: { ...ISOLATION } },
  preview: { headers: { ...ISOLATION } },
  optimizeDeps: { include: [...TFJS], entries: ['index.html', 'src/worker/worker.ts'] },
  resolve: { dedupe: [...TFJS] },
});

/** The look that the page shares with the static reports, in front of its own. */
function reportStyles(): Plugin {
  return {
    name: 'hetconv-report-styles',
    transformIndexHtml: () => [{ tag: 'style', children: `${styles}${conformanceStyles}`, injectTo: 'head-prepend' }],
  };
}
