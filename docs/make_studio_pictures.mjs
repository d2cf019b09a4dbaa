// SPDX-License-Identifier: Apache-2.0
// The pictures of docs/studio.md, from sample scenes:
// SFUMATO_BINARY=build/release/sfumato node docs/make_studio_pictures.mjs
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { choose_files, go_to, look_button, open_studio, settled, vips } from '../studio/page/tests/studio.js';

const pictures = join(dirname(fileURLToPath(import.meta.url)), 'pictures');
const studio = await open_studio({ width: 1280, height: 800 });
const { page } = studio;

async function keep(name) {
  await page.waitForTimeout(2500); // thumbnails
  await page.mouse.move(0, 0);
  await page.screenshot({ path: join(pictures, `studio-${name}.jpg`), type: 'jpeg', quality: 84 });
}
async function open_sample(index) {
  await go_to(page, 'Open');
  await page.getByRole('group', { name: 'Sample scenes' }).getByRole('button').nth(index).click();
  await page.locator('.develop').waitFor();
  await settled(page);
}

await open_sample(2);
await open_sample(1);
await open_sample(0);
await go_to(page, 'Open');
await keep('open');
await go_to(page, 'Develop');
await settled(page);
await look_button(page, 'Classic Chrome').click();
await page.locator('.step summary', { hasText: 'Tone curve' }).click();
await page.getByRole('slider', { name: 'Contrast' }).focus();
for (let i = 0; i < 12; ++i) await page.keyboard.press('ArrowRight');
await page.getByRole('button', { name: 'Split before and after' }).click();
await settled(page);
await page.waitForTimeout(1500);
await keep('develop');

await page.getByRole('button', { name: 'Split before and after' }).click();
await page.setViewportSize({ width: 390, height: 844 });
await page.waitForTimeout(1000);
await settled(page);
await keep('phone');
await page.setViewportSize({ width: 1280, height: 800 });

await open_sample(1);
await page.getByLabel('Add an adjustment').selectOption('tilt_shift');
await settled(page);
await keep('tilt-shift');

for (const side of ['before', 'after']) mkdirSync(join(studio.folder, side));
const names = [1, 2, 3, 4, 5].map((i) => `${i}.png`);
const paths = (side) => names.map((name) => join(studio.folder, side, name));
const kept = await page.evaluate(async () => (await fetch('/api/photos')).json());
names.forEach((_, i) => {
  const [from, to] = [paths('before')[i], paths('after')[i]];
  const sample = join(studio.folder, 'state/photos', kept[i % kept.length].id, 'photo.png');
  vips('extract_area', sample, from, 80 * i, 60 * i, 480, 320);
  vips('linear', from, `${to}.v`, '0.8 0.9 1.0', '30 10 0');
  vips('cast', `${to}.v`, to, 'uchar');
});
await go_to(page, 'Learn');
await page.getByLabel('Name of the look').fill('Warm and soft');
await choose_files(page, 'Drop photos before the edit', paths('before'));
await page.getByText('5 before, 0 after').waitFor();
await choose_files(page, 'Drop photos after the edit', paths('after'));
await page.getByText('5 before, 5 after').waitFor();
await page.getByRole('button', { name: 'Learn the look' }).click();
await page.locator('.report').waitFor({ timeout: 120_000 });
await page.locator('.job').scrollIntoViewIfNeeded();
await keep('learn');

const picker = (i) => page.locator('.picker').nth(i);
const ended = () => page.locator('.job-state', { hasText: 'Done' }).first().waitFor({ timeout: 120_000 });
await go_to(page, 'Match');
await picker(0).locator('.pick[title="lake.png"]').click();
await picker(1).locator('.pick[title="night.png"]').click();
await page.getByRole('img', { name: 'The first photo, matched' }).waitFor();
await page.getByRole('button', { name: 'Match 1 photo' }).scrollIntoViewIfNeeded();
await keep('match');

await go_to(page, 'Paint');
await picker(0).locator('.pick[title="lake.png"]').click();
await picker(1).locator('.pick[title="still-life.png"]').click();
await page.getByRole('button', { name: 'Paint 1 photo' }).click();
await ended();
await page.locator('.job').scrollIntoViewIfNeeded();
await keep('paint');

await go_to(page, 'Batch');
for (const name of ['lake', 'still-life', 'night']) await page.locator(`.pick[title="${name}.png"]`).click();
await page.getByRole('combobox', { name: 'Look' }).selectOption('kodachrome');
await page.getByRole('button', { name: 'Render 3 photos' }).click();
await ended();
await page.locator('.job').scrollIntoViewIfNeeded();
await keep('batch');
await studio.close();
