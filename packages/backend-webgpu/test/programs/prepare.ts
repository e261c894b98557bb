/** Run by the tests in a process of its own: what the provider answers here. */
import { backend } from '../../src/index.ts';

process.stdout.write(JSON.stringify(await backend.prepare()));
