// SPDX-License-Identifier: Apache-2.0
// Three files without hashes in their names, no inline script or style: the server's policy is default-src 'self'.
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import { sources_hash } from './sources_hash.js';

export default defineConfig({
  base: './',
  esbuild: { jsx: 'automatic', jsxImportSource: 'preact', legalComments: 'none' },
  plugins: [
    {
      name: 'hash-of-the-sources',
      transformIndexHtml: (html) => html.replace('SOURCES_HASH', sources_hash(fileURLToPath(new URL('.', import.meta.url)))),
    },
  ],
  build: {
    outDir: 'built',
    emptyOutDir: true,
    target: 'es2022',
    modulePreload: false,
    assetsInlineLimit: 0,
    rollupOptions: {
      output: { entryFileNames: 'app.js', assetFileNames: 'app.[ext]', inlineDynamicImports: true },
    },
  },
});
