// SPDX-License-Identifier: Apache-2.0
// What the built page was built from: a hash that the page carries and a test compares.
// Run as a program it prints the hash.
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const listed = ['index.html', 'package.json', 'package-lock.json', 'sources_hash.js', 'src', 'tsconfig.json',
  'vite.config.js'];

function* files_under(folder, name) {
  if (!statSync(join(folder, name)).isDirectory()) yield name;
  else for (const child of readdirSync(join(folder, name)).sort()) yield* files_under(folder, `${name}/${child}`);
}

export function sources_hash(folder) {
  const hash = createHash('sha256');
  for (const entry of listed)
    for (const name of files_under(folder, entry)) {
      const bytes = readFileSync(join(folder, name));
      hash.update(`${name}\0${bytes.length}\0`).update(bytes);
    }
  return hash.digest('hex');
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  console.log(sources_hash(fileURLToPath(new URL('.', import.meta.url))));
