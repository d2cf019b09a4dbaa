// SPDX-License-Identifier: Apache-2.0
// Jobs: learning, batches, matching, painting, and what a reload in the middle of one leaves.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, truncateSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { choose_files, go_to, look_button, make_scene, open_studio, settled, sfumato, vips } from './studio.js';

let studio, page, closed_photo;
const file = (...parts) => join(studio.folder, ...parts);

before(async () => {
  studio = await open_studio();
  page = studio.page;
});
after(() => studio.close());

const job = () => page.locator('.job').first();
const done = (text) => job().locator('.job-state', { hasText: text }).waitFor({ timeout: 60_000 });

// Less contrast, warmer.
function edited(from, to) {
  vips('linear', from, `${to}.v`, '0.8 0.9 1.0', '30 10 0');
  vips('cast', `${to}.v`, `${to}.u.v`, 'uchar');
  vips('copy', `${to}.u.v`, to);
}

test('a look is learned from five pairs and used', async () => {
  const sides = ['before', 'after'].map((side) => file(side));
  for (const side of sides) mkdirSync(side);
  const names = [1, 2, 3, 4, 5].map((i) => `${i}.png`);
  names.forEach((name, i) => edited(make_scene(join(sides[0], name), i + 1), join(sides[1], name)));
  await go_to(page, 'Learn');
  await page.getByLabel('Name of the look').fill('Warm and soft');
  await choose_files(page, 'Drop photos before the edit', names.map((n) => join(sides[0], n)));
  await page.getByText('5 before, 0 after').waitFor();
  await choose_files(page, 'Drop photos after the edit', names.map((n) => join(sides[1], n)));
  await page.getByText('5 before, 5 after, 5 with the same name.').waitFor();
  await page.getByRole('button', { name: 'Learn the look' }).click();
  await done('Done');
  await page.getByRole('cell', { name: /\d/ }).first().waitFor();
  assert.equal(await page.locator('.report table').nth(1).locator('tbody tr').count(), 5);
  await job().getByRole('button', { name: 'Use the look' }).click();
  await settled(page);
  assert.equal(await look_button(page, 'Warm and soft').getAttribute('aria-pressed'), 'true');
});

test('a batch goes on past a broken file, and shows results beside originals', async () => {
  const photos = [11, 12, 13].map((i) => make_scene(file(`photo${i}.jpg`), i));
  truncateSync(photos[1], Math.round(statSync(photos[1]).size * 0.6));
  await go_to(page, 'Batch');
  await choose_files(page, 'Drop files or a folder: photos', photos);
  await page.getByRole('button', { name: 'Render 3 photos' }).waitFor();
  await page.getByRole('combobox', { name: 'Look' }).selectOption('velvia');
  await page.getByRole('button', { name: 'Render 3 photos' }).click();
  await done('Done, 1 failed');
  const results = job().locator('.result');
  assert.equal(await results.count(), 3);
  assert.match(await job().locator('.result.failed').innerText(), /photo12\.jpg[\s\S]+(truncated|end|damaged)/i);
  const good = results.filter({ has: page.locator('.pair') }).first();
  assert.equal(await good.locator('.pair img').count(), 2);
  const arriving = page.waitForEvent('download');
  await good.getByRole('link').click();
  const path = await (await arriving).path();
  sfumato('render', photos[0], '--look', 'velvia', '-o', file('expected.jpg'));
  assert.ok(readFileSync(path).equals(readFileSync(file('expected.jpg'))));
});

test('what failed can be tried again', async () => {
  const asked = page.waitForResponse((r) => r.url().endsWith('/retry'));
  await job().getByRole('button', { name: 'Retry failed' }).click();
  await asked;
  await page.waitForResponse((r) => r.url().endsWith('/api/jobs'));
  await done('Done, 1 failed');
  await job().locator('.result').nth(2).waitFor();
});

test('a reload in the middle of a job loses neither it nor its results', async () => {
  const photos = [21, 22, 23, 24].map((i) => make_scene(file(`large${i}.png`), i, 1800, 1200));
  await go_to(page, 'Batch');
  await page.locator('.pick[aria-pressed="true"]').first().waitFor();
  while (await page.locator('.pick[aria-pressed="true"]').count()) await page.locator('.pick[aria-pressed="true"]').first().click();
  await choose_files(page, 'Drop files or a folder: photos', photos);
  await page.getByRole('button', { name: 'Render 4 photos' }).click();
  await job().getByRole('progressbar').waitFor();
  await page.reload();
  await page.getByRole('heading', { name: 'Batch' }).waitFor();
  await done('Done');
  assert.equal(await job().locator('.result').count(), 4);
});

test('what was chosen for a job outlives a reload, and ends with the photo', async () => {
  await page.getByRole('button', { name: 'Render 4 photos' }).waitFor();
  // A server that does not answer in time must lose nothing.
  const is_state = (address) => address.pathname === '/api/state';
  await page.route(is_state, (route) => (route.request().method() === 'PUT' ? undefined : route.continue()));
  const asked = page.waitForRequest((r) => r.method() === 'PUT' && is_state(new URL(r.url())));
  await page.locator('.pick[title="photo11.jpg"]').click();
  await asked;
  await page.reload();
  await page.getByRole('button', { name: 'Render 5 photos' }).waitFor();
  await page.unroute(is_state);
  await page.locator('.pick[title="photo11.jpg"]').click();
  await page.getByRole('button', { name: 'Render 4 photos' }).waitFor();
  await go_to(page, 'Open');
  const close = page.getByRole('button', { name: 'Close large24.png' });
  const thumbnail = page.locator('.photo-grid li').filter({ has: close }).locator('img');
  closed_photo = (await thumbnail.getAttribute('src')).match(/photos\/\w+\//)[0];
  await close.click();
  await go_to(page, 'Batch');
  await page.getByRole('button', { name: 'Render 3 photos' }).waitFor();
});

test('a photo chosen while another is opened stays chosen', async () => {
  const is_upload = (address) => address.pathname === '/api/photos';
  let go_on;
  const held = new Promise((done) => (go_on = done));
  await page.route(is_upload, (route) => held.then(() => route.continue()));
  await choose_files(page, 'Drop files or a folder: photos', make_scene(file('late.png'), 31));
  await page.locator('.pick[title="photo11.jpg"]').click();
  await page.getByRole('button', { name: 'Render 4 photos' }).waitFor();
  go_on();
  await page.getByRole('button', { name: 'Render 5 photos' }).waitFor();
  await page.unroute(is_upload);
});

test('a running job can be canceled', async () => {
  await go_to(page, 'Paint');
  // Large enough that it is still being painted when its first preview is there.
  await choose_files(page, 'Drop files or a folder: photos', make_scene(file('large.png'), 9, 1500, 1000));
  await page.locator('.picker').nth(1).locator('.pick').nth(1).click();
  await page.getByRole('button', { name: 'Paint 1 photo' }).click();
  await job().getByAltText('The painting so far').waitFor();
  await job().getByRole('button', { name: 'Cancel' }).click();
  await done('Canceled');
});

test('a photo is matched to a reference', async () => {
  await go_to(page, 'Match');
  await page.locator('.picker').nth(0).locator('.pick[title="1.png"]').first().click();
  await page.locator('.picker').nth(1).locator('.pick[title="2.png"]').first().click();
  const preview = page.getByRole('img', { name: 'The first photo, matched' });
  const shown = async (address) => {
    await page.waitForFunction(([i, before]) => i.src !== before && i.complete && i.naturalWidth > 0, [await preview.elementHandle(), address]);
    return preview.getAttribute('src');
  };
  const full = await shown('');
  await page.getByRole('slider', { name: 'Strength' }).focus();
  for (let i = 0; i < 5; ++i) await page.keyboard.press('ArrowLeft');
  assert.notEqual(await shown(new URL(full, studio.address).href), full);
  for (let i = 0; i < 5; ++i) await page.keyboard.press('ArrowRight');
  await page.getByRole('button', { name: 'Match 1 photo' }).click();
  await done('Done');
  assert.equal(await job().locator('.result .pair img').count(), 2);
});

test('a LUT becomes a look', async () => {
  sfumato('export', '--look', 'velvia', '-o', file('film.cube'));
  await go_to(page, 'Learn');
  await page.getByRole('button', { name: 'LUT' }).click();
  await page.getByLabel('Name of the look').fill('My film');
  await choose_files(page, 'Drop a LUT or look file, or choose one', file('film.cube'));
  await page.getByText('“My film” is among the looks.').waitFor();
  await go_to(page, 'Develop');
  await look_button(page, 'My film').waitFor();
});

test('a file that is no picture is named and refused', async () => {
  await go_to(page, 'Open');
  await choose_files(page, 'Drop photos here, or choose files', file('film.cube'));
  const text = page.getByRole('alert').getByText('film.cube');
  await text.waitFor();
  assert.equal((await text.textContent()).split('film.cube').length, 2);
});

// A thumbnail of the photo that was closed may have been on its way.
test('nothing failed on the way, but for the file that was refused', () =>
  assert.ok(studio.faults.every((f) => /status of 4(15|22|00)/.test(f) || (/status of 404/.test(f) && f.includes(closed_photo))),
    studio.faults.join('\n')));
