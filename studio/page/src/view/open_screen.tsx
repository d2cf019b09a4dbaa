// SPDX-License-Identifier: Apache-2.0
// The first screen: drop a photo, take a sample, or go on with one opened before.
import { attempt, catalog, close_photo, list_opened, open_files, photos, screen, show } from '../model/studio';
import { server } from '../model/server';
import { DropZone } from './drop_zone';
import { CloseIcon } from './icons';

export async function open_and_show(files: File[]): Promise<void> {
  const from = screen.value;
  const opened = await open_files(files);
  if (opened[0] && screen.value === from) show(opened[0].id);
}

export function OpenScreen() {
  const samples = catalog.value?.samples ?? [];
  const open_sample = (index: number) =>
    attempt(async () => {
      const added = await server.add_sample(index);
      list_opened([added]);
      if (screen.value === 'open') show(added.id);
    });
  return (
    <main class="page open-page" tabIndex={-1}>
      <h1>Open a photo</h1>
      <DropZone large label="Drop photos here, or choose files" on_files={open_and_show}>
        <p class="hint">JPEG, PNG, TIFF, WebP, HEIC, AVIF, JPEG XL or RAW. They stay on this computer.</p>
      </DropZone>
      {samples.length > 0 && (
        <div class="samples" role="group" aria-label="Sample scenes">
          <span class="hint">Or try a scene</span>
          {samples.map((s, i) => <button key={s.name} onClick={() => open_sample(i)}>{s.title ?? s.name}</button>)}
        </div>
      )}
      {photos.value.length > 0 && (
        <section aria-labelledby="opened-heading">
          <h2 id="opened-heading">Opened</h2>
          <ul class="photo-grid">
            {photos.value.map((p) => (
              <li key={p.id}>
                <button class="photo" onClick={() => show(p.id)}>
                  <img src={p.thumbnail} alt="" loading="lazy" />
                  <span class="photo-name">{p.name}</span>
                  <span class="hint">{p.width} × {p.height} · {p.bits} bit{p.profile ? ` · ${p.profile}` : ''}</span>
                </button>
                <button class="photo-close icon-only" aria-label={`Close ${p.name}`} title="Close" onClick={() => close_photo(p.id)}>
                  <CloseIcon />
                </button>
              </li>
            ))}
          </ul>
        </section>
      )}
    </main>
  );
}
