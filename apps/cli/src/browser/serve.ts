/** Serves the page on this machine only, isolated (COOP, COEP): with shared memory, so that Wasm may use its threads. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { PageFiles } from './bundle.ts';

export interface PageServer {
  readonly url: string;
  /** Serves more, until the function that it returns is called. */
  share(files: PageFiles): () => void;
  close(): Promise<void>;
}

const HEADERS: Readonly<Record<string, string>> = {
  'Cache-Control': 'no-store',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
};

export async function servePage(files: PageFiles): Promise<PageServer> {
  const served = new Map(files);
  const server = createServer((request, response) => {
    const file = served.get(new URL(request.url ?? '/', 'http://localhost').pathname);
    response.writeHead(file === undefined ? 404 : 200, { ...HEADERS, 'Content-Type': file?.type ?? 'text/plain' });
    response.end(file?.body);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}/`,
    share(more) {
      for (const [path, file] of more) served.set(path, file);
      return () => [...more.keys()].forEach((path) => served.delete(path));
    },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
