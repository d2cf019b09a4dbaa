// SPDX-License-Identifier: Apache-2.0
// What is chosen apart from the edits: on the screens where jobs are started, photos named by id; and which keys work.
import { signal, type Signal } from '@preact/signals';

export type Way = 'pairs' | 'reference' | 'lut';

export const way = signal<Way>('pairs');
export const title = signal('');
export const before = signal<string[]>([]);
export const after = signal<string[]>([]);
export const reference = signal<string[]>([]);
export const subjects = signal<string[]>([]);
export const match = signal({ photos: [] as string[], reference: [] as string[], strength: 1, protection: 0.5 });
export const paint = signal({ photos: [] as string[], style: [] as string[], balance: 0.35, keep_colors: false });
export const batch = signal({ photos: [] as string[], look: '', strength: 1, format: 'jpg' });
// Keys without Ctrl can be switched off: speech input types letters [WCAG 2.1.4].
export const has_letter_keys = signal(true);

const all = Object.entries({ way, title, before, after, reference, subjects, match, paint, batch, has_letter_keys }) as [
  string, Signal<unknown>,
][];

export type Choices = Record<string, unknown>;

export const choices = (): Choices => Object.fromEntries(all.map(([name, s]) => [name, s.value]));

export function restore_choices(kept: Choices): void {
  for (const [name, s] of all) {
    const value = kept[name];
    if (value === undefined || typeof value !== typeof s.value || Array.isArray(value) !== Array.isArray(s.value)) continue;
    s.value = typeof value === 'object' && !Array.isArray(value) ? { ...(s.value as object), ...value } : value;
  }
}

const only = (value: unknown, is_there: (id: string) => boolean): unknown => {
  if (Array.isArray(value)) return value.filter(is_there);
  if (typeof value !== 'object' || !value) return value;
  return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, only(v, is_there)]));
};

// A photo that was closed is chosen no more.
export function choose_only(is_there: (id: string) => boolean): void {
  for (const [, s] of all) s.value = only(s.value, is_there);
}
