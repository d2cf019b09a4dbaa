// SPDX-License-Identifier: Apache-2.0
// What the browser shows is what the program renders: WebGL2 against the renderer, for every built-in look.
import assert from 'node:assert/strict';
import { copyFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { look_button, open_sample, open_studio, picture_file, settled, sfumato, vips } from './studio.js';

const most_mean = 1 / 255;
const most_delta_e = 1; // CIEDE2000, of 99 of 100 pixels

let studio, page, photo, scene;
const file = (name) => join(studio.folder, name);

before(async () => {
  studio = await open_studio({ width: 1600, height: 1000 });
  page = studio.page;
  await open_sample(page);
  // The scene as the studio keeps it.
  photo = await page.evaluate(async () => (await (await fetch('/api/photos')).json())[0]);
  scene = file('scene.png');
  copyFileSync(kept_photo(photo.id), scene);
});
after(() => studio.close());

function kept_photo(id) {
  const folder = join(file('state/photos'), id);
  return join(folder, readdirSync(folder).find((name) => name.startsWith('photo')));
}

const number = (text) => Number(text.trim());

// Mean difference of 0..1, and the CIEDE2000 that 99 of 100 pixels stay within. `shown` has 8 bits, `expected` 16: the
// reference is not rounded.
function compare(shown, expected) {
  vips('extract_band', shown, file('a.v'), 0, '--n', 3);
  vips('linear', expected, file('b.v'), 1 / 257, 0);
  vips('subtract', file('a.v'), file('b.v'), file('d.v'));
  vips('abs', file('d.v'), file('abs.v'));
  vips('colourspace', file('a.v'), file('a.lab.v'), 'lab');
  vips('colourspace', expected, file('b.lab.v'), 'lab');
  vips('dE00', file('a.lab.v'), file('b.lab.v'), file('de.v'));
  vips('linear', file('de.v'), file('scaled.v'), 100, 0);
  vips('cast', file('scaled.v'), file('counted.v'), 'ushort');
  return { mean: number(vips('avg', file('abs.v'))) / 255, delta_e: number(vips('percent', file('counted.v'), 99)) / 100 };
}

const catalog = JSON.parse(sfumato('looks', '--json'));
const names = (Array.isArray(catalog) ? catalog : catalog.looks).map((l) => l.name ?? l.id);

for (const name of names)
  test(`the preview of ${name} at fit is the rendered file reduced, but for its grain`, async () => {
    const { title, grainless } = await page.evaluate(async (n) => {
      const { looks } = await (await fetch('/api/catalog')).json();
      const look = looks.find((l) => l.name === n);
      return { title: look.title, grainless: !look.look.steps.some((s) => s.op === 'grain') };
    }, name);
    await look_button(page, title).click();
    await settled(page);
    await picture_file(page, file('shown.png'));
    const { width, height } = await page.evaluate(() => {
      const { width, height } = document.querySelector('#picture');
      return { width, height };
    });
    const words = grainless ? [] : ['--set', 'grain.amount=0'];
    sfumato('render', scene, '--look', name, ...words, '--bits', '16', '-o', file('full.png'), '--if-exists', 'overwrite');
    assert.ok(width < photo.width);
    vips('resize', file('full.png'), file('small.v'), width / photo.width, '--vscale', height / photo.height);
    const { mean, delta_e } = compare(file('shown.png'), file('small.v'));
    console.log(`${name}: mean ${(255 * mean).toFixed(3)} / 255, 99 % within ${delta_e} dE2000`);
    assert.ok(mean <= most_mean, `mean ${mean}`);
    assert.ok(delta_e <= most_delta_e, `99 % within ${delta_e}`);
  });
