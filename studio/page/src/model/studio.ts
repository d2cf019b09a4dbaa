// SPDX-License-Identifier: Apache-2.0
// The state of the page as signals: what the server has, which photo is shown, what was done to it.
import { computed, signal } from '@preact/signals';
import { choose_only } from './choices';
import type { Catalog, CatalogLook, Photo, Step } from './contract';
import { layer_parameter, look_parameters, untouched, type Edit, type Layer } from './edit';
import { begun, changed, redone, undone, type History } from './history';
import { plain_step } from './knobs';
import { server } from './server';

export const screens = ['open', 'develop', 'learn', 'match', 'paint', 'batch'] as const;
export type Screen = (typeof screens)[number];

export const screen = signal<Screen>('open');
export const catalog = signal<Catalog | null>(null);
export const photos = signal<Photo[]>([]);
export const photo_id = signal<string | null>(null);
export const histories = signal<Record<string, History<Edit>>>({});
export interface KeptLook {
  title: string;
  layers: Layer[];
  strength?: number;
}
export const kept_looks = signal<KeptLook[]>([]);
export const painted = signal<string | null>(null); // the photo whose pixels are on the screen
export const notice = signal<{ text: string; is_error: boolean } | null>(null);

export const photo = computed(() => photos.value.find((p) => p.id === photo_id.value) ?? null);
export const history = computed(() => histories.value[photo_id.value ?? ''] ?? begun(untouched));
export const edit = computed(() => history.value.present);
export const looks = computed<CatalogLook[]>(() => catalog.value?.looks ?? []);
export const operations = computed(() => new Map((catalog.value?.operations ?? []).map((o) => [o.id, o])));
export const edited = computed(() => ({
  photo: photo_id.value ?? '',
  looks: look_parameters(edit.value),
  strength: edit.value.strength,
}));

export function say(text: string, is_error = false): void {
  notice.value = { text, is_error };
}

export async function attempt<T>(task: () => Promise<T>): Promise<T | undefined> {
  try {
    return await task();
  } catch (e) {
    say(e instanceof Error ? e.message : String(e), true);
    return undefined;
  }
}

let gesture: string | null = null;

// `of`: changes with the same name, until the gesture ends, are one step of undo.
export function change(next: Edit, of: string | null = null): void {
  const id = photo_id.value;
  if (!id) return;
  const h = changed(history.value, next, of !== null && of === gesture);
  gesture = of;
  histories.value = { ...histories.value, [id]: h };
}
export function end_gesture(): void {
  gesture = null;
}

function step_in_history(by: (h: History<Edit>) => History<Edit>): void {
  end_gesture();
  if (photo_id.value) histories.value = { ...histories.value, [photo_id.value]: by(history.value) };
}
export const undo = (): void => step_in_history(undone);
export const redo = (): void => step_in_history(redone);

// What each look that nobody touched comes to for the present photo.
const resolved_steps = signal<Record<string, Step[]>>({});
const being_resolved = new Set<string>();

export function steps_of(layer: Layer): Step[] | null {
  return layer.steps ?? resolved_steps.value[`${photo_id.value} ${layer.look}`] ?? null;
}

export async function resolve(layer: Layer): Promise<void> {
  const id = photo_id.value;
  const key = `${id} ${layer.look}`;
  if (!id || layer.steps || resolved_steps.value[key] || being_resolved.has(key)) return;
  being_resolved.add(key);
  await attempt(async () => {
    const { steps } = await server.compile({ photo: id, looks: [layer_parameter(layer)], strength: 1 });
    const plain = steps.map((s) => (operations.value.get(s.op) ? plain_step(s, operations.value.get(s.op)!) : s));
    resolved_steps.value = { ...resolved_steps.value, [key]: plain };
  });
  being_resolved.delete(key);
}

// A learned look that works in parts of the picture is more than its steps say; they are shown, not edited.
export const is_fixed = (steps: Step[]): boolean =>
  steps.some((s) => s.where !== undefined && (s.where as { map?: number }).map !== undefined);

export function show(id: string): void {
  end_gesture();
  photo_id.value = id;
  screen.value = 'develop';
}

export async function open_files(files: File[]): Promise<Photo[]> {
  const opened: Photo[] = [];
  const refused: string[] = [];
  for (const [i, file] of files.entries()) {
    if (files.length > 1) say(`Opening ${i + 1} of ${files.length}: ${file.name}`);
    try {
      opened.push(await server.add_photo(file));
    } catch (e) {
      const { message } = e as Error;
      refused.push(message.includes(file.name) ? message : `${file.name}: ${message}`);
    }
  }
  list_opened(opened);
  notice.value = null;
  if (refused.length > 0) say(`${refused.length > 1 ? `${refused.length} files were not opened. ` : ''}${refused[0]}`, true);
  return opened;
}

export function list_opened(opened: Photo[]): void {
  const ids = new Set(opened.map((p) => p.id));
  photos.value = [...opened, ...photos.value.filter((p) => !ids.has(p.id))];
}

export async function close_photo(id: string): Promise<void> {
  if ((await attempt(() => server.remove_photo(id))) === undefined) return;
  photos.value = photos.value.filter((p) => p.id !== id);
  choose_only((other) => other !== id);
  const { [id]: _, ...rest } = histories.value;
  histories.value = rest;
  if (photo_id.value === id) photo_id.value = null;
}
