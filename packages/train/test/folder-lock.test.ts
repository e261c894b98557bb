/** One process at a time trains into a folder, and a dead one keeps nobody out. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { folderHolder, lockFolder } from '@hetconv/train/node';
import { afterEach, describe, expect, it } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'hetconv-lock-'));
const file = join(folder, 'training.lock');
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** The lock as another process would have left it. */
function leave(changes: Record<string, unknown>, secondsAgo = 0): void {
  const lock = JSON.parse(readFileSync(file, 'utf8')) as object;
  writeFileSync(file, JSON.stringify({ ...lock, id: 'another', ...changes }));
  const then = new Date(Date.now() - 1000 * secondsAgo);
  utimesSync(file, then, then);
}

describe('lockFolder', () => {
  it('refuses a second one by the name of the first, until that is released', async () => {
    const lock = await lockFolder(folder);
    await expect(lockFolder(folder)).rejects.toMatchObject({
      code: 'folder-in-use',
      message: expect.stringContaining(`process ${process.pid} on`) as string,
    });
    await lock.verify();
    await lock.release();
    expect(readdirSync(folder)).toEqual([]);
    const next = await lockFolder(folder);
    await next.release();
  });

  it("takes over at once from a process that is gone, and from one whose number is another's now", async () => {
    const first = await lockFolder(folder);
    leave({ pid: spawnSync(process.execPath, ['--version']).pid });
    const second = await lockFolder(folder);
    await expect(first.verify()).rejects.toThrow(/taken over training\.lock/);
    await first.release(); // does not take the other's away
    await second.verify();
    leave({ started: 'long ago' });
    const third = await lockFolder(folder);
    await third.release();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('believes one elsewhere as long as it gives signs of life', async () => {
    await lockFolder(folder);
    leave({ host: 'other', place: 'other' }, 60);
    expect(await folderHolder(folder)).toMatch(/process \d+ on other \(last sign 6\d s ago; dead after 120 s\)/);
    leave({}, 121);
    expect(await folderHolder(folder)).toBeUndefined();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('lets one of many in who come at the same time', async () => {
    await lockFolder(folder);
    leave({ pid: spawnSync(process.execPath, ['--version']).pid });
    const outcomes = await Promise.allSettled(Array.from({ length: 8 }, () => lockFolder(folder)));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });
});
