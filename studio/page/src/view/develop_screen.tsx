// SPDX-License-Identifier: Apache-2.0
// The photo, every look on it, and all that can be changed.
import { photo, screen } from '../model/studio';
import { LayersPanel } from './layers_panel';
import { LookStrip } from './look_strip';
import { SavePanel } from './save_panel';
import { Stage } from './stage';
import { TonePanel } from './tone_panel';

export function DevelopScreen() {
  if (!photo.value)
    return (
      <main class="page" tabIndex={-1}>
        <h1>Develop</h1>
        <p class="hint">No photo is open.</p>
        <button class="primary" onClick={() => (screen.value = 'open')}>Open a photo</button>
      </main>
    );
  return (
    <main class="develop" tabIndex={-1}>
      <h1 class="unseen">Develop {photo.value.name}</h1>
      <Stage />
      <LookStrip />
      <aside class="panels" aria-label="Adjust and save">
        <LayersPanel />
        <TonePanel />
        <SavePanel />
      </aside>
    </main>
  );
}
