/** What the tests of the page do with it over and over. */
import { readFile } from 'node:fs/promises';
import type { Download, Page } from 'playwright-core';

/** What the page says to those who listen to it. */
export async function waitForStatus(page: Page, text: string): Promise<void> {
  await page.locator('[role=status]', { hasText: text }).waitFor({ state: 'attached', timeout: 60_000 });
}

/** Presses the start button as soon as the backends have been found, and waits for the end. */
export async function runToEnd(page: Page, button: string): Promise<void> {
  await page.getByRole('button', { name: button, exact: true }).click();
  await waitForStatus(page, 'Finished.');
}

export async function download(page: Page, button: RegExp): Promise<{ readonly name: string; readonly text: string }> {
  const [file]: [Download, void] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: button }).click(),
  ]);
  return { name: file.suggestedFilename(), text: await readFile(await file.path(), 'utf8') };
}

/** Presses Tab until the element of this role and name has the focus. @throws Error where it is not reached */
export async function tabTo(
  page: Page,
  role: 'link' | 'button' | 'checkbox' | 'spinbutton',
  name: string,
): Promise<void> {
  const target = page.getByRole(role, { name, exact: true });
  for (let presses = 0; presses < 60; presses++) {
    if (await target.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`60 presses of Tab do not reach the ${role} '${name}'.`);
}

/** How far the page can be scrolled to the side. */
export function overflow(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}
