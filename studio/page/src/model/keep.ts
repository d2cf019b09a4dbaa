// SPDX-License-Identifier: Apache-2.0
// The page's state on the server: written shortly after each change and when the page is left, read when it opens.
// What the server had not acknowledged when the page was left is in the tab's session storage too: a page that is
// opened anew asks for the state before the server has what the old one sent last.
import { effect } from '@preact/signals';
import { choices, choose_only, restore_choices, type Choices } from './choices';
import type { Edit } from './edit';
import type { History } from './history';
import { server } from './server';
import { histories, kept_looks, photo_id, photos, screen, screens, type KeptLook, type Screen } from './studio';

interface Kept {
  version: 1;
  changed_at: number; // ms since 1970
  screen: Screen;
  photo: string | null;
  histories: Record<string, History<Edit>>;
  looks: KeptLook[];
  choices?: Choices;
}

const delay_ms = 300;
const most_bytes = 900_000; // the server takes a megabyte
const most_bytes_leaving = 60_000; // a request that outlives its page may carry 64 KiB
const storage_key = 'sfumato-unacknowledged-state';
let changed_at = 0;
let acknowledged_at = 0;

const taken = (): Kept => ({
  version: 1,
  changed_at,
  screen: screen.value,
  photo: photo_id.value,
  histories: histories.value,
  looks: kept_looks.value,
  choices: choices(),
});

// Where it grows too large the oldest steps back go, of every photo alike.
function fitted(kept: Kept): Kept {
  for (let steps = 100; steps >= 0 && JSON.stringify(kept).length > most_bytes; steps = Math.floor(steps / 2) - 1) {
    const shortened = Object.entries(kept.histories).map(([id, h]) => [
      id, { past: steps ? h.past.slice(-steps) : [], present: h.present, future: [] },
    ]);
    kept = { ...kept, histories: Object.fromEntries(shortened) };
  }
  return kept;
}

// Taken out: it is good for one page, and must not outlive the server that it is about.
function unacknowledged(): Partial<Kept> | null {
  try {
    const text = sessionStorage.getItem(storage_key) ?? 'null';
    sessionStorage.removeItem(storage_key);
    return JSON.parse(text);
  } catch {
    return null;
  }
}

export function restore(of_server: unknown): void {
  const acknowledged = of_server as Partial<Kept> | null;
  acknowledged_at = acknowledged?.changed_at ?? 0;
  const left = unacknowledged();
  const kept = (left?.changed_at ?? 0) > acknowledged_at ? left : acknowledged;
  if (kept?.version !== 1) return;
  changed_at = kept.changed_at ?? 0;
  histories.value = kept.histories ?? {};
  kept_looks.value = kept.looks ?? [];
  photo_id.value = kept.photo ?? null;
  restore_choices(kept.choices ?? {});
  const there = new Set(photos.value.map((p) => p.id));
  choose_only((id) => there.has(id));
  if (kept.screen && screens.includes(kept.screen)) screen.value = kept.screen;
}

export function keep_from_now_on(): void {
  let timer = 0;
  let is_first = true;
  // One after the other: an older state must not arrive last.
  let writing = Promise.resolve();
  const write = () => {
    writing = writing.then(async () => {
      const at = changed_at;
      if (at === acknowledged_at) return;
      await server.keep_state(fitted(taken())).then(() => (acknowledged_at = at), () => undefined);
    });
  };
  const leave = () => {
    if (changed_at === acknowledged_at) return;
    const kept = fitted(taken());
    const text = JSON.stringify(kept);
    try {
      sessionStorage.setItem(storage_key, text);
    } catch {
      // Storage that is full or forbidden: the request below is all there is.
    }
    if (text.length < most_bytes_leaving) server.keep_state(kept, true).catch(() => undefined);
  };
  write();
  effect(() => {
    taken();
    if (is_first) {
      is_first = false;
      return;
    }
    changed_at = Math.max(Date.now(), changed_at + 1);
    clearTimeout(timer);
    timer = window.setTimeout(write, delay_ms);
  });
  addEventListener('pagehide', leave);
}
