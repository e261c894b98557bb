/** A program for sanitizer.test.ts: a kernel that reads element `argv[3]` of ten, with the library `argv[2]`. */
import { Driver } from './driver.ts';

const [library, index] = process.argv.slice(2);
const driver = new Driver(library);
const x = driver.upload(new Float32Array(10));
const y = driver.allocate(4);
driver.launch('read_past', 'ppi', [1], [1], [x, y, Number(index)]);
process.stdout.write(`read ${driver.floats(y, 1)[0]}\n`);
