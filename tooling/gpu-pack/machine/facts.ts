/** What the cuda backend says of this machine, as JSON: `{ available, reason?, device? }`. A process of its own: the GPU is free afterwards. */
import { backend } from '@hetconv/backend-cuda';

const availability = await backend.prepare();
const device = availability.available ? { device: backend.describe?.() } : {};
process.stdout.write(`${JSON.stringify({ ...availability, ...device })}\n`);
