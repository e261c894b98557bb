/**
 * The kernels in Chromium, in a cross-origin-isolated page (tfjs's threaded build, our workers) and in a plain one:
 * node bench/browser.ts [path of chromium]. Prints one report per page.
 */
import { spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { build } from 'tsdown';

const [chromium = '/usr/bin/chromium'] = process.argv.slice(2);
const FLAGS = [
  '--headless=new',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** tfjs names modules of Node in branches that a browser never takes. */
const NODE_MODULES = [
  'node-fetch',
  'util',
  'crypto',
  'path',
  'fs',
  'os',
  'worker_threads',
  'perf_hooks',
  'string_decoder',
];
const EMPTY = '\0empty';
const emptyNodeModules = {
  name: 'empty-node-modules',
  resolveId: (id: string) => (NODE_MODULES.includes(id) ? EMPTY : undefined),
  load: (id: string) => (id === EMPTY ? 'export default {};' : undefined),
};

const folder = await mkdtemp(join(tmpdir(), 'hetconv-browser-'));
await build({
  entry: [join(import.meta.dirname, 'browser-page.ts')],
  outDir: folder,
  format: 'esm',
  platform: 'browser',
  deps: { alwaysBundle: [/.*/] },
  plugins: [emptyNodeModules],
  dts: false,
  config: false,
  logLevel: 'warn',
});
const wasmFolder = dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm'));

async function visit(isolated: boolean): Promise<string> {
  const posted = new EventEmitter();
  const resolve = (report: string): void => void posted.emit('report', report);
  const server = createServer((request, response) => {
    if (isolated) {
      response.setHeader('Cross-Origin-Opener-Policy', 'same-origin');
      response.setHeader('Cross-Origin-Embedder-Policy', 'require-corp');
    }
    void answer();
    async function answer(): Promise<void> {
      const name = basename(request.url ?? '/');
      if (request.method === 'POST') {
        const chunks: Buffer[] = [];
        for await (const chunk of request) chunks.push(chunk as Buffer);
        response.end();
        resolve(Buffer.concat(chunks).toString());
      } else if (name === '') {
        response.setHeader('Content-Type', 'text/html').end('<script type="module" src="/browser-page.js"></script>');
      } else {
        const type = name.endsWith('.wasm') ? 'application/wasm' : 'text/javascript';
        const file = join(request.url?.startsWith('/wasm/') ? wasmFolder : folder, name);
        const content = await readFile(file).catch(() => undefined);
        if (content === undefined) response.writeHead(404).end();
        else response.setHeader('Content-Type', type).end(content);
      }
    }
  });
  await new Promise<void>((ready) => void server.listen(0, '127.0.0.1', ready));
  const { port } = server.address() as { port: number };
  const profile = join(folder, `profile-${isolated}`);
  const browser = spawn(chromium, [...FLAGS, `--user-data-dir=${profile}`, `http://127.0.0.1:${port}/`], {
    stdio: 'ignore',
  });
  const timer = setTimeout(() => resolve('no report within two minutes'), 120_000);
  const [report] = (await once(posted, 'report')) as [string];
  clearTimeout(timer);
  browser.kill();
  await new Promise((ended) => void browser.once('exit', ended));
  server.close();
  server.closeAllConnections();
  return report;
}

for (const isolated of [true, false]) process.stdout.write(`${await visit(isolated)}\n`);
await rm(folder, { recursive: true, force: true, maxRetries: 5 });
