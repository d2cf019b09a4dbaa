// SPDX-License-Identifier: Apache-2.0
// A studio of its own for each test file: the program, serving a fresh state folder, and Chromium looking at it.
import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

export const program = process.env.SFUMATO_BINARY;

export async function start_program(state, port = 0) {
  const child = spawn(program, ['studio', '--port', String(port), '--no-open', '--state', state], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  // Tests that are stopped leave no program behind.
  process.once('exit', () => child.kill());
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));
  const address = await new Promise((done, fail) => {
    let text = '';
    child.stdout.on('data', (part) => {
      text += part;
      const line = /http:\/\/\S+/.exec(text);
      if (line) done(line[0]);
    });
    child.once('exit', (code) => fail(new Error(`sfumato studio ended with ${code}`)));
  });
  const stop = () =>
    new Promise((done) => {
      child.removeAllListeners('exit');
      child.once('exit', done);
      child.kill('SIGTERM');
    });
  return { address, stop, pid: child.pid };
}

export async function open_studio(viewport = { width: 1280, height: 800 }) {
  const folder = mkdtempSync(join(tmpdir(), 'sfumato-page-'));
  const { address, stop, pid } = await start_program(join(folder, 'state'));
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--use-angle=swiftshader', '--enable-unsafe-swiftshader'],
  });
  const context = await browser.newContext({ viewport, acceptDownloads: true, reducedMotion: 'reduce' });
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  const requests = [];
  const faults = [];
  page.on('request', (r) => requests.push(r.url()));
  page.on('pageerror', (e) => faults.push(e.message));
  page.on('console', (m) => m.type() === 'error' && faults.push(`${m.text()} ${m.location().url}`));
  await page.goto(address);
  await page.getByRole('heading', { name: 'Open a photo' }).waitFor();
  const close = async () => {
    await browser.close();
    await stop();
    rmSync(folder, { recursive: true, force: true });
  };
  return { page, browser, context, folder, address, pid, requests, faults, close };
}

// Runs the program as a user would.
export const sfumato = (...words) => execFileSync(program, words, { stdio: ['ignore', 'pipe', 'pipe'] }).toString();

export const vips = (...words) => execFileSync('vips', words.map(String), { stdio: ['ignore', 'pipe', 'inherit'] }).toString();

// Clouds of color of which the seed decides where they lie; smooth, as photos are between their edges.
export function make_scene(path, seed, width = 240, height = 160) {
  const part = (name) => `${path}.${name}.v`;
  const bands = [Math.round(width / 6), Math.round(width / 10), Math.round(width / 4)].map((cell, band) => {
    vips('perlin', part(band), width, height, '--cell-size', cell, '--seed', seed * 3 + band);
    return part(band);
  });
  vips('bandjoin', bands.join(' '), part('rgb'));
  vips('linear', part('rgb'), part('lin'), 90, 120);
  vips('cast', part('lin'), part('u8'), 'uchar');
  vips('copy', part('u8'), path, '--interpretation', 'srgb');
  for (const name of [0, 1, 2, 'rgb', 'lin', 'u8']) rmSync(part(name), { force: true });
  return path;
}

export async function open_sample(page, index = 0) {
  await page.getByRole('group', { name: 'Sample scenes' }).getByRole('button').nth(index).click();
  await settled(page);
}

export async function choose_files(page, label, paths) {
  await page.locator(`input[type=file][aria-label="${label}"]`).setInputFiles(paths);
}

export const go_to = (page, screen) =>
  page.getByRole('navigation').getByRole('button', { name: screen, exact: true }).click();

// Nothing is under way between the edit and the picture.
export async function settled(page) {
  await page.locator('#picture:not([hidden])').waitFor();
  await page.waitForFunction(() => document.querySelector('#picture').getAttribute('aria-busy') === 'false');
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
}

// The canvas' pixels as a PNG file.
export async function picture_file(page, path) {
  const text = await page.evaluate(() => document.querySelector('#picture').toDataURL('image/png'));
  writeFileSync(path, Buffer.from(text.split(',')[1], 'base64'));
  return path;
}

export const picture_hash = async (page) =>
  createHash('sha256').update(await page.evaluate(() => document.querySelector('#picture').toDataURL('image/png'))).digest('hex');

export const look_button = (page, title) =>
  page.getByRole('region', { name: 'Looks' }).getByRole('button', { name: title, exact: true });

export const read_download = async (download) => readFileSync(await download.path());
