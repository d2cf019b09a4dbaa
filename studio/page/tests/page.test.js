// SPDX-License-Identifier: Apache-2.0
// The page as such: what it weighs, whom it asks, whether everybody can use it.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { sources_hash } from '../sources_hash.js';
import { choose_files, go_to, look_button, make_scene, open_sample, open_studio, settled } from './studio.js';

const most_gzipped = 150_000;
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const built = join(root, 'built');
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

let studio, page;
before(async () => {
  studio = await open_studio();
  page = studio.page;
});
after(() => studio.close());

const screens = ['Open', 'Develop', 'Learn', 'Match', 'Paint', 'Batch'];

async function expect_no_violation(where) {
  // The page's policy forbids scripts of others; the inspector's are none of the page's.
  const session = await studio.context.newCDPSession(page);
  await session.send('Runtime.evaluate', { expression: axe });
  const { violations } = await page.evaluate(() => window.axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }));
  assert.deepEqual(violations.map((v) => `${where}: ${v.id}: ${v.nodes.map((n) => n.html).join(' ')}`), []);
}

test('the built page is of the present sources', () => {
  const carried = /name="sources" content="(\w+)"/.exec(readFileSync(join(built, 'index.html'), 'utf8'))[1];
  assert.equal(carried, sources_hash(root), 'run: cmake --build build/release --target studio-page');
});

test('the page weighs little', () => {
  const bytes = readdirSync(built).reduce((sum, name) => sum + gzipSync(readFileSync(join(built, name))).length, 0);
  assert.ok(bytes <= most_gzipped, `${bytes} bytes`);
});

test('no script or style is in the page itself', () => {
  const html = readFileSync(join(built, 'index.html'), 'utf8');
  assert.doesNotMatch(html, /<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=/);
});

test('every screen is free of axe violations', async () => {
  await expect_no_violation('Open, empty');
  await open_sample(page);
  await expect_no_violation('Develop, original');
  await look_button(page, 'Classic Chrome').click();
  await page.getByLabel('Add an adjustment').selectOption('tilt_shift');
  await page.getByRole('button', { name: 'Split before and after' }).click();
  await settled(page);
  await expect_no_violation('Develop, tilt-shift');
  await page.getByLabel('Add an adjustment').selectOption('tone_curve');
  await page.getByRole('button', { name: 'Copy as command' }).click();
  await page.locator('.command').waitFor();
  await expect_no_violation('Develop, curve');
  for (const screen of screens.filter((s) => s !== 'Develop')) {
    await go_to(page, screen);
    await expect_no_violation(screen);
  }
});

test('every button can be reached and is seen when it is', async () => {
  await go_to(page, 'Develop');
  await settled(page);
  const unseen = await page.evaluate(() => {
    const named = [...document.querySelectorAll('button, select, input:not([type=file]), canvas, summary, [role=slider]')];
    return named.filter((e) => e.tabIndex < 0 && !e.disabled && !e.closest('[hidden]')).map((e) => e.outerHTML);
  });
  assert.deepEqual(unseen, []);
  await page.keyboard.press('Tab');
  const outline = await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle);
  assert.equal(outline, 'solid');
});

test('a phone\'s width holds every screen', async () => {
  await page.setViewportSize({ width: 390, height: 844 });
  for (const screen of screens) {
    await go_to(page, screen);
    const width = await page.evaluate(() => Math.max(document.documentElement.scrollWidth, document.querySelector('main').scrollWidth));
    assert.ok(width <= 390, `${screen}: ${width}`);
    await expect_no_violation(`${screen}, narrow`);
  }
  await page.setViewportSize({ width: 1280, height: 800 });
});

test('100 % shows the photo\'s own pixels, also after a pan', async () => {
  const scene = make_scene(join(studio.folder, 'wide.png'), 5, 2400, 1600);
  await go_to(page, 'Open');
  await choose_files(page, 'Drop photos here, or choose files', scene);
  await page.getByRole('img', { name: 'wide.png, with the edit' }).waitFor();
  await settled(page);
  await page.getByRole('button', { name: '100 %' }).click();
  await settled(page);
  await page.locator('#picture').focus();
  for (let i = 0; i < 12; ++i) await page.keyboard.press('ArrowRight');
  await settled(page);
  const differs = await page.evaluate(async () => {
    const [photo] = (await (await fetch('/api/photos')).json()).filter((p) => p.name === 'wide.png');
    const picture = document.querySelector('#picture');
    const { width, height } = picture;
    const x = photo.width - width;
    const y = Math.round((photo.height - height) / 2);
    const r = await fetch(`/api/photos/${photo.id}/pixels?x=${x}&y=${y}&width=${width}&height=${height}`);
    const own = new Uint16Array(await r.arrayBuffer());
    const copy = new OffscreenCanvas(width, height).getContext('2d');
    copy.drawImage(picture, 0, 0);
    const shown = copy.getImageData(0, 0, width, height).data;
    let most = 0;
    for (let i = 0; i < own.length; ++i) if (i % 4 < 3) most = Math.max(most, Math.abs(own[i] / 257 - shown[i]));
    return most;
  });
  assert.ok(differs <= 1, `${differs}`);
  await page.getByRole('button', { name: 'Fit' }).click();
});

test('a wide-gamut screen gets the same colors', async () => {
  await settled(page);
  const pixels = () =>
    page.evaluate(() => {
      const picture = document.querySelector('#picture');
      const copy = new OffscreenCanvas(picture.width, picture.height).getContext('2d', { colorSpace: 'srgb' });
      copy.drawImage(picture, 0, 0);
      return { space: picture.getContext('webgl2').drawingBufferColorSpace, data: [...copy.getImageData(0, 0, picture.width, 40).data] };
    });
  const srgb = await pixels();
  const session = await studio.context.newCDPSession(page);
  await session.send('Emulation.setEmulatedMedia', { features: [{ name: 'color-gamut', value: 'p3' }] });
  await go_to(page, 'Open');
  await go_to(page, 'Develop');
  await settled(page);
  const p3 = await pixels();
  assert.deepEqual([srgb.space, p3.space], ['srgb', 'display-p3']);
  const most = srgb.data.reduce((m, v, i) => Math.max(m, Math.abs(v - p3.data[i])), 0);
  assert.ok(most <= 2, `${most}`);
});

test('no request left the machine', () => {
  const origin = new URL(studio.address).origin;
  assert.deepEqual(studio.requests.filter((r) => new URL(r).origin !== origin && !r.startsWith('blob:')), []);
  assert.deepEqual(studio.faults, []);
});
