// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, beforeEach, test } from 'node:test';
import {
  choose_files, look_button, make_scene, open_studio, picture_hash, read_download, settled, sfumato,
} from './studio.js';

let studio, page, scene;

before(async () => {
  studio = await open_studio();
  page = studio.page;
  scene = make_scene(join(studio.folder, 'scene.png'), 7, 960, 640);
  await choose_files(page, 'Drop photos here, or choose files', scene);
  await settled(page);
});
after(() => studio.close());

beforeEach(async () => {
  const clear = page.getByRole('button', { name: 'Clear' });
  if (await clear.isVisible()) await clear.click();
  await settled(page);
});

async function apply(title) {
  await look_button(page, title).click();
  await settled(page);
}

test('a dropped photo is shown', async () => {
  const data = await page.evaluateHandle(
    (bytes) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([Uint8Array.from(atob(bytes), (c) => c.charCodeAt(0))], 'dropped.png', { type: 'image/png' }));
      return transfer;
    },
    readFileSync(make_scene(join(studio.folder, 'dropped.png'), 3)).toString('base64'),
  );
  await page.getByRole('button', { name: 'Open', exact: true }).click();
  await page.locator('.drop').dispatchEvent('drop', { dataTransfer: data });
  await page.getByRole('img', { name: 'dropped.png, with the edit' }).waitFor();
  await settled(page);
  await page.getByRole('button', { name: 'Open', exact: true }).click();
  await page.locator('.photo', { hasText: 'scene.png' }).click();
  await settled(page);
});

test('the strip shows every look of the catalog on this photo', async () => {
  const names = sfumato('looks').trim().split('\n').map((line) => line.split(/\s+/)[0]);
  for (const name of names) {
    const image = page.locator(`.strip img[src*="/looks/${name}.jpg"]`);
    await image.scrollIntoViewIfNeeded();
    await page.waitForFunction((i) => i.complete && i.naturalHeight === 120, await image.elementHandle());
  }
});

test('a click applies a look, with shift it is added to the stack', async () => {
  const original = await picture_hash(page);
  await apply('Noir');
  const noir = await picture_hash(page);
  assert.notEqual(noir, original);
  await look_button(page, 'Warm Print').click({ modifiers: ['Shift'] });
  await settled(page);
  assert.notEqual(await picture_hash(page), noir);
  assert.equal(await page.locator('.layer').count(), 2);
  await apply('Noir');
  assert.equal(await picture_hash(page), noir);
});

test('dragging a slider changes the picture and is one step of undo', async () => {
  await apply('Provia');
  const provia = await picture_hash(page);
  const slider = page.getByRole('slider', { name: 'Strength' });
  const box = await slider.boundingBox();
  await page.mouse.move(box.x + (box.width * 2) / 3, box.y + box.height / 2);
  await page.mouse.down();
  for (let i = 1; i <= 12; ++i) await page.mouse.move(box.x + box.width * (2 / 3 - i / 24), box.y + box.height / 2);
  await page.mouse.up();
  await settled(page);
  const weaker = await picture_hash(page);
  assert.notEqual(weaker, provia);
  assert.ok(Number(await slider.inputValue()) < 0.5);
  await page.keyboard.press('Control+z');
  await settled(page);
  assert.equal(await picture_hash(page), provia);
  await page.keyboard.press('Control+Shift+z');
  await settled(page);
  assert.equal(await picture_hash(page), weaker);
});

test('a lost graphics context comes back with the picture', async () => {
  const before = await picture_hash(page);
  const old = await page.locator('#picture').elementHandle();
  await old.evaluate((canvas) => canvas.getContext('webgl2').getExtension('WEBGL_lose_context').loseContext());
  await page.waitForFunction((canvas) => document.querySelector('#picture') !== canvas, old);
  await settled(page);
  assert.equal(await picture_hash(page), before);
});

test('letter keys can be switched off', async () => {
  const keys = page.getByRole('button', { name: 'Keys', exact: true });
  const split = page.getByRole('button', { name: 'Split before and after' });
  await keys.click();
  await page.keyboard.press('c');
  assert.equal(await split.getAttribute('aria-pressed'), 'false');
  await keys.click();
  await page.keyboard.press('c');
  assert.equal(await split.getAttribute('aria-pressed'), 'true');
  await page.keyboard.press('c');
});

test('a slider drag compiles no new program', async () => {
  await apply('Provia');
  const texts = new Set();
  const listen = async (r) => {
    if (r.url().endsWith('/api/compile')) texts.add((await r.json()).key);
  };
  page.on('response', listen);
  await page.getByRole('slider', { name: 'Strength' }).focus();
  for (let i = 0; i < 10; ++i) await page.keyboard.press('ArrowRight');
  await settled(page);
  page.off('response', listen);
  assert.equal(texts.size, 1);
});

test('a knob says what the look had, and goes back to it', async () => {
  await apply('Provia');
  await page.locator('.step summary', { hasText: 'Tone curve' }).click();
  const contrast = page.getByRole('slider', { name: 'Contrast' });
  const was = await contrast.inputValue();
  await contrast.focus();
  for (let i = 0; i < 5; ++i) await page.keyboard.press('ArrowRight');
  await page.locator('.step .changed').waitFor();
  assert.match(await page.locator('.predicted').innerText(), /The look had/);
  await page.getByRole('button', { name: 'Reset Contrast' }).click();
  assert.equal(await contrast.inputValue(), was);
  assert.equal(await page.locator('.step .changed').count(), 0);
});

test('a curve knot moves by drag and by keys', async () => {
  await page.getByLabel('Add an adjustment').selectOption('tone_curve');
  const knot = page.getByRole('slider', { name: 'RGB at tone 50 %' });
  const original = await picture_hash(page);
  const box = await knot.boundingBox();
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width / 2, box.y - 20, { steps: 4 });
  await page.mouse.up();
  await settled(page);
  assert.notEqual(await picture_hash(page), original);
  const dragged = Number(await knot.getAttribute('aria-valuenow'));
  assert.ok(dragged > 0.03);
  await knot.focus();
  await page.keyboard.press('ArrowDown');
  assert.ok(Math.abs(Number(await knot.getAttribute('aria-valuenow')) - (dragged - 0.005)) < 0.0015);
});

test('steps are reordered and removed', async () => {
  const titles = () => page.locator('.step-title').allInnerTexts();
  await page.getByLabel('Add an adjustment').selectOption('exposure');
  await page.getByLabel('Add an adjustment').selectOption('saturation');
  assert.deepEqual(await titles(), ['Exposure', 'Saturation']);
  await page.getByRole('button', { name: 'Move Saturation up' }).click();
  assert.deepEqual(await titles(), ['Saturation', 'Exposure']);
  await page.locator('.step[open]').getByRole('button', { name: 'Remove' }).click();
  assert.deepEqual(await titles(), ['Exposure']);
});

test('the vignette\'s center is a handle on the picture', async () => {
  await page.getByLabel('Add an adjustment').selectOption('vignette');
  const handle = page.getByRole('group', { name: 'Handles on the picture' }).getByRole('slider', { name: 'Center' });
  await handle.focus();
  for (let i = 0; i < 10; ++i) await page.keyboard.press('ArrowRight');
  assert.equal(await page.getByRole('slider', { name: 'Center x' }).inputValue(), '0.6');
});

test('tilt-shift is drawn, and its band follows the handles', async () => {
  const sharp = await picture_hash(page);
  await page.getByLabel('Add an adjustment').selectOption('tilt_shift');
  await settled(page);
  const band = await picture_hash(page);
  assert.notEqual(band, sharp);
  await page.getByRole('slider', { name: 'Width of the sharp band' }).focus();
  for (let i = 0; i < 10; ++i) await page.keyboard.press('ArrowDown');
  await settled(page);
  assert.notEqual(await picture_hash(page), band);
});

test('the split shows before left and after right, and moves by keys', async () => {
  await apply('Noir');
  await page.getByRole('button', { name: 'Split before and after' }).click();
  const colorful = () =>
    page.evaluate(() => {
      const picture = document.querySelector('#picture');
      const copy = new OffscreenCanvas(picture.width, picture.height).getContext('2d');
      copy.drawImage(picture, 0, 0);
      const is_colored = (x) => {
        const d = copy.getImageData(x, 0, 1, picture.height).data;
        let most = 0;
        for (let i = 0; i < d.length; i += 4) most = Math.max(most, Math.abs(d[i] - d[i + 1]), Math.abs(d[i + 1] - d[i + 2]));
        return most > 16;
      };
      return [0.25, 0.45, 0.55, 0.75].map((s) => is_colored(Math.round(s * picture.width)));
    });
  await settled(page);
  assert.deepEqual(await colorful(), [true, true, false, false]);
  await page.getByRole('slider', { name: 'Border between before and after' }).focus();
  await page.keyboard.press('PageUp');
  await settled(page);
  assert.deepEqual(await colorful(), [true, true, true, false]);
  await page.getByRole('button', { name: 'Split before and after' }).click();
});

test('holding shows the photo before', async () => {
  const original = await picture_hash(page);
  await apply('Noir');
  const noir = await picture_hash(page);
  await page.getByRole('button', { name: 'Hold to see the photo before' }).hover();
  await page.mouse.down();
  await settled(page);
  assert.equal(await picture_hash(page), original);
  await page.mouse.up();
  await settled(page);
  assert.equal(await picture_hash(page), noir);
});

test('tones are measured before and after', async () => {
  const median = async () => {
    const label = await page.getByRole('img', { name: /^Luminance/ }).getAttribute('aria-label');
    return /median (\d+) before, (\d+) after/.exec(label).slice(1).map(Number);
  };
  await page.waitForFunction(() => document.querySelectorAll('.plot').length === 4);
  await page.getByLabel('Add an adjustment').selectOption('exposure');
  await page.getByRole('textbox', { name: 'Stops, number' }).fill('1');
  await page.keyboard.press('Tab');
  await page.waitForFunction(() => {
    const m = /median (\d+) before, (\d+) after/.exec(document.querySelector('.plot svg').getAttribute('aria-label'));
    return Number(m[2]) > Number(m[1]) + 20;
  });
  const [was, is] = await median();
  // One stop more light on encoded sRGB.
  const linear = ((was / 255 + 0.055) / 1.055) ** 2.4;
  assert.ok(Math.abs(is - 255 * (1.055 * (2 * linear) ** (1 / 2.4) - 0.055)) < 4);
});

test('a saved file is what the program renders, byte for byte', async () => {
  await apply('Classic Chrome');
  for (const [format, words] of [['jpg', ['--quality', '95']], ['png', []]]) {
    await page.locator('.panels').getByLabel('Format').selectOption(format);
    const arriving = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Save full resolution' }).click();
    const download = await arriving;
    const expected = join(studio.folder, `expected.${format}`);
    sfumato('render', scene, '--look', 'classic-chrome', ...words, '-o', expected, '--if-exists', 'overwrite');
    assert.ok((await read_download(download)).equals(readFileSync(expected)), format);
  }
});

test('the command that is copied makes the same file', async () => {
  await apply('Velvia');
  await page.getByRole('button', { name: 'Copy as command' }).click();
  const command = await page.locator('.command').innerText();
  assert.match(command, /^sfumato render .*scene\.png.* --look velvia/);
});

test('exports of the look arrive', async () => {
  await apply('Velvia');
  for (const [title, starts] of [['.cube', /^(#|TITLE|LUT_3D_SIZE)/], ['Look', /^\s*\{/], ['GLSL', /^\/\//]]) {
    const arriving = page.waitForEvent('download');
    await page.getByRole('group', { name: 'Export the look' }).getByRole('button', { name: title, exact: true }).click();
    assert.match((await read_download(await arriving)).toString('utf8'), starts);
  }
});

test('a format that lacks the chosen bits gets its own', async () => {
  await apply('Velvia');
  await page.getByLabel('Format').selectOption('png');
  await page.getByLabel('Bits').selectOption('16');
  await page.getByLabel('Format').selectOption('jpg');
  assert.equal(await page.getByLabel('Bits').inputValue(), '0');
});

test('a kept look comes back with its strength', async () => {
  await apply('Velvia');
  const strength = page.getByLabel('Strength, number').first();
  await strength.fill('0.4');
  await strength.press('Enter');
  await page.getByRole('button', { name: 'Keep look' }).click();
  await apply('Noir');
  await strength.fill('1');
  await strength.press('Enter');
  const kept = page.locator('.look.kept');
  await kept.click();
  await settled(page);
  assert.equal(await strength.inputValue(), '0.40');
  assert.equal(await kept.getAttribute('aria-pressed'), 'true');
  await page.getByRole('button', { name: 'Forget Velvia' }).click();
});

test('a letter is a key with Caps Lock too', async () => {
  const full = page.getByRole('button', { name: '100 %' });
  for (const pressed of ['true', 'false']) {
    await page.keyboard.press('Z');
    assert.equal(await full.getAttribute('aria-pressed'), pressed);
  }
});

test('a folder is opened wherever it is dropped', async () => {
  const folder = join(studio.folder, 'roll');
  mkdirSync(join(folder, 'more'), { recursive: true });
  make_scene(join(folder, 'one.png'), 31);
  make_scene(join(folder, 'more', 'two.png'), 32);
  await page.getByRole('button', { name: 'Open', exact: true }).click();
  const tools = await studio.context.newCDPSession(page);
  const data = { items: [], files: [folder], dragOperationsMask: 1 };
  for (const type of ['dragEnter', 'dragOver', 'drop'])
    await tools.send('Input.dispatchDragEvent', { type, x: 1260, y: 780, data });
  await page.getByRole('img', { name: 'one.png, with the edit' }).waitFor();
  await settled(page);
  await page.getByRole('button', { name: 'Open', exact: true }).click();
  await page.locator('.photo', { hasText: 'two.png' }).waitFor();
  await page.locator('.photo', { hasText: 'scene.png' }).click();
  await settled(page);
});

test('a reload loses nothing', async () => {
  await apply('Velvia');
  await page.getByRole('slider', { name: 'Strength' }).focus();
  for (let i = 0; i < 7; ++i) await page.keyboard.press('ArrowLeft');
  await settled(page);
  const shown = await picture_hash(page);
  await page.waitForFunction(async () => (await (await fetch('/api/state')).text()).includes('"strength":0.93'));
  await page.reload();
  await settled(page);
  assert.equal(await page.getByRole('slider', { name: 'Strength' }).inputValue(), '0.93');
  assert.equal(await picture_hash(page), shown);
  await page.keyboard.press('Control+z');
  await settled(page);
  assert.notEqual(await picture_hash(page), shown);
});

test('nothing failed on the way', () => assert.deepEqual(studio.faults, []));
