// SPDX-License-Identifier: Apache-2.0
// The studio in real Chromium: SFUMATO_BINARY=build/release/sfumato node bench/studio.mjs PHOTO [--soak MINUTES]
// Prints, as medians, how long a photo takes from being given to being seen, and what a move of a slider costs in script
// and in the process that draws (software here, a graphics processor elsewhere). With --soak instead: what the program
// holds while somebody uses all of it at random.
import { copyFileSync, appendFileSync, readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { choose_files, go_to, look_button, open_studio, settled } from '../studio/page/tests/studio.js';

const [photo, flag, minutes] = process.argv.slice(2);
if (!photo) throw new Error('usage: node bench/studio.mjs PHOTO [--soak MINUTES]');
const studio = await open_studio();
const { page } = studio;
const drop_zone = 'Drop photos here, or choose files';
const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];

// The same picture under another name, as the studio knows files by their bytes.
function another(i) {
  const copy = join(studio.folder, `photo-${i}${extname(photo)}`);
  copyFileSync(photo, copy);
  appendFileSync(copy, `another ${i}`);
  return copy;
}

async function first_paint(i) {
  const path = another(i);
  await go_to(page, 'Open');
  await page.waitForTimeout(2000); // nothing else is under way
  await page.evaluate((name) => {
    addEventListener('change', () => {
      const start = performance.now();
      window.painted_after = new Promise((done) => {
        const look = () => {
          const canvas = document.querySelector('#picture');
          const is_there = canvas && !canvas.hidden && canvas.getAttribute('aria-label').startsWith(name);
          if (is_there) done(performance.now() - start);
          else requestAnimationFrame(look);
        };
        look();
      });
    }, { capture: true, once: true });
  }, `photo-${i}`);
  const drew = processor_ms(drawer);
  await choose_files(page, drop_zone, path);
  const time = await page.evaluate(() => window.painted_after);
  const drawing = processor_ms(drawer) - drew;
  await settled(page);
  return { time, drawing };
}

const processor_ms = (pid) => {
  const [user, system] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ').slice(11, 13);
  return (Number(user) + Number(system)) * 10;
};

const session = await studio.browser.newBrowserCDPSession();
const drawer = (await session.send('SystemInfo.getProcessInfo')).processInfo.find((p) => p.type === 'GPU').id;

async function slider_moves() {
  await page.setViewportSize({ width: 2200, height: 1560 });
  await settled(page);
  await look_button(page, 'Classic Chrome').click();
  await settled(page);
  await page.getByRole('slider', { name: 'Strength' }).focus();
  const tab = await studio.context.newCDPSession(page);
  await tab.send('Performance.enable');
  const script = async () =>
    (await tab.send('Performance.getMetrics')).metrics.find((m) => m.name === 'ScriptDuration').value * 1e3;
  const scripts = [], drawn = [];
  for (let i = 0; i < 40; ++i) {
    const [before, drew] = [await script(), processor_ms(drawer)];
    await page.keyboard.press(i % 20 < 10 ? 'ArrowLeft' : 'ArrowRight');
    await page.waitForTimeout(250); // the program's answer, and its drawing
    scripts.push((await script()) - before);
    drawn.push(processor_ms(drawer) - drew);
  }
  const size = await page.evaluate(() => document.querySelector('#picture').width * document.querySelector('#picture').height);
  return { scripts, drawn, size };
}

function held() {
  const pid = studio.pid;
  const resident = Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024;
  return { resident, files: readdirSync(`/proc/${pid}/fd`).length, threads: readdirSync(`/proc/${pid}/task`).length };
}

async function soak(until) {
  let seed = 1;
  const random = (n) => ((seed = (seed * 1103515245 + 12345) % 2147483648) >> 8) % n;
  const names = await page.evaluate(async () => (await (await fetch('/api/catalog')).json()).looks.map((l) => l.title));
  await choose_files(page, drop_zone, another(0));
  await settled(page);
  for (const i of [0, 1, 2]) {
    await go_to(page, 'Open');
    await page.getByRole('group', { name: 'Sample scenes' }).getByRole('button').nth(i).click();
    await settled(page);
  }
  const uses = {
    open: async () => {
      await go_to(page, 'Open');
      await page.locator('.photo').nth(random(4)).click();
    },
    look: () => look_button(page, names[random(names.length)]).click(),
    slide: async () => {
      const sliders = page.locator('input[type=range]:visible');
      await sliders.first().waitFor();
      await sliders.nth(random(await sliders.count())).focus();
      for (let i = 0; i < 8; ++i) await page.keyboard.press(random(2) ? 'PageUp' : 'PageDown');
    },
    zoom: () => page.keyboard.press('z'),
    undo: () => page.keyboard.press('Control+z'),
    batch: async () => {
      await go_to(page, 'Batch');
      await page.locator('.pick[aria-pressed=false]').first().click();
      await page.getByRole('button', { name: /^Render/ }).click();
      if (random(2)) await page.getByRole('button', { name: /^Cancel/ }).first().click({ timeout: 1000 });
    },
    reload: async () => {
      await page.reload();
    },
  };
  const kinds = Object.keys(uses), done = {};
  const refused = new Set();
  page.on('response', (r) => r.status() >= 400 && refused.add(`${r.status()} ${new URL(r.url()).pathname}`));
  let steps = 0, next = 0;
  const resident = [];
  console.log('| minute | steps | resident MB | open files | threads |\n|---|---|---|---|---|');
  const start = Date.now();
  while (Date.now() < start + until) {
    const kind = kinds[random(kinds.length)];
    try {
      if (!['open', 'reload'].includes(kind)) await go_to(page, 'Develop');
      await uses[kind]();
      done[kind] = (done[kind] ?? 0) + 1;
    } catch (e) {
      if (!/Timeout/.test(e.message)) throw e;
      done[`${kind}, not there`] = (done[`${kind}, not there`] ?? 0) + 1;
    }
    ++steps;
    if (Date.now() >= start + next) {
      const h = held();
      console.log(`| ${(next / 60000).toFixed(0)} | ${steps} | ${h.resident.toFixed(0)} | ${h.files} | ${h.threads} |`);
      resident.push(h.resident);
      next += 60000;
    }
  }
  const full = resident.slice(Math.min(4, resident.length >> 1)); // the caches are by then
  const mean = full.reduce((sum, v) => sum + v, 0) / full.length, middle = (full.length - 1) / 2;
  const along = (f) => full.reduce((sum, v, i) => sum + (i - middle) * f(v, i), 0);
  const growth = (along((v) => v) / along((_, i) => i)) * (full.length - 1);
  console.log(`resident: ${mean.toFixed(0)} MB; a line through the minutes rises by ${growth.toFixed(1)} MB (${((100 * growth) / mean).toFixed(1)} %)`);
  console.log(JSON.stringify(done), 'refused:', [...refused], 'faults:', studio.faults);
}

try {
  if (flag === '--soak') {
    page.setDefaultTimeout(4000);
    await soak(Number(minutes) * 60000);
  } else {
    const paints = [];
    for (let i = 0; i < 8; ++i) paints.push(await first_paint(i));
    const told = (some) =>
      `${median(some.map((p) => p.time)).toFixed(0)} ms, ${median(some.map((p) => p.drawing))} ms of drawing by the processor meanwhile`;
    console.log(`first paint: ${told(paints.slice(1))}\nof the first photo of all: ${told(paints.slice(0, 1))}`);
    const { scripts, drawn, size } = await slider_moves();
    console.log(`a slider's move at ${(size / 1e6).toFixed(1)} megapixels: script ${median(scripts).toFixed(1)} ms, drawing ${median(drawn)} ms`);
  }
} finally {
  await studio.close();
}
