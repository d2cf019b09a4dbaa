// SPDX-License-Identifier: Apache-2.0
// The page's state on the server: written shortly after each change and when the page is left, read when it opens.
import { effect } from '@preact/signals';
import { choices, choose_only, restore_choices, type Choices } from './choices';
import type { Edit } from './edit';
import type { History } from './history';
import { server } from './server';
import { histories, kept_looks, photo_id, photos, screen, screens, type KeptLook, type Screen } from './studio';

interface Kept {
  version: 1;
  screen: Screen;
  photo: string | null;
  histories: Record<string, History<Edit>>;
  looks: KeptLook[];
  choices?: Choices;
}

const delay_ms = 300;
const most_bytes = 900_000; // the server takes a megabyte

const taken = (): Kept => ({
  version: 1,
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

export function restore(state: unknown): void {
  const kept = state as Partial<Kept> | null;
  if (kept?.version !== 1) return;
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
  const write = (leaving: boolean) => {
    clearTimeout(timer);
    timer = 0;
    const kept = fitted(taken());
    // A request that outlives the page may carry 64 KiB; a larger state was written by the timer.
    const outlives = leaving && JSON.stringify(kept).length < 60_000;
    server.keep_state(kept, outlives).catch(() => undefined);
  };
  effect(() => {
    taken();
    if (is_first) {
      is_first = false;
      return;
    }
    clearTimeout(timer);
    timer = window.setTimeout(() => write(false), delay_ms);
  });
  addEventListener('pagehide', () => timer && write(true));
}
