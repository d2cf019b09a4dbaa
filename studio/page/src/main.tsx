// SPDX-License-Identifier: Apache-2.0
// Opens the session with the token of the address, reads what the server has, shows the page.
import { render } from 'preact';
import './style/frame.css';
import './style/controls.css';
import './style/develop.css';
import './style/work.css';
import { keep_from_now_on, restore } from './model/keep';
import { server } from './model/server';
import { catalog, photo_id, photos, say, screen } from './model/studio';
import { App } from './view/app';

async function open(): Promise<void> {
  const token = location.hash.slice(1);
  if (token) {
    // The token stays out of the history and of bookmarks.
    history.replaceState(null, '', location.pathname);
    await server.open_session(token);
  }
  const [known, opened, state] = await Promise.all([server.catalog(), server.photos(), server.state()]);
  catalog.value = known;
  photos.value = opened;
  restore(state);
  if (!opened.some((p) => p.id === photo_id.value)) {
    photo_id.value = null;
    if (screen.value === 'develop') screen.value = 'open';
  }
}

open()
  .then(keep_from_now_on)
  .catch((e: Error & { status?: number }) =>
    say(
      e.status === 401 || e.status === 403
        ? 'This page belongs to another session. Open the address that “sfumato studio” printed.'
        : e.message,
      true,
    ),
  )
  .finally(() => render(<App />, document.getElementById('app')!));
