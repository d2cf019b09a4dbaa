// SPDX-License-Identifier: Apache-2.0
// What leaves the studio: the full-resolution file, the look in other programs' formats, the command that does the same.
import { signal } from '@preact/signals';
import { useState } from 'preact/hooks';
import type { Operation } from '../model/contract';
import { attempt, catalog, edit, edited, operations, photo, say, steps_of } from '../model/studio';
import { edit_title, is_untouched } from '../model/edit';
import { server } from '../model/server';
import { FormatSelect } from './format_select';

const options = signal({ format: 'jpg', quality: 95, bits: 0 });

// `lost`: what of an operation the format has no place for.
const exports = [
  { format: 'cube', title: '.cube', extension: 'cube', lost: (o: Operation) => o.local },
  { format: 'hald', title: 'HaldCLUT', extension: 'png', lost: (o: Operation) => o.local },
  { format: 'json', title: 'Look', extension: 'json', lost: () => false },
  { format: 'glsl', title: 'GLSL', extension: 'glsl', lost: (o: Operation) => o.canvas },
];

const file_part = (text: string) => text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '-').replace(/^-|-$/g, '');

export async function hand_over(response: Response, fallback: string): Promise<string> {
  const named = /filename\*=UTF-8''([^;]+)/.exec(response.headers.get('Content-Disposition') ?? '')?.[1];
  const link = document.createElement('a');
  link.href = URL.createObjectURL(await response.blob());
  link.download = named ? decodeURIComponent(named) : fallback;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  return link.download;
}

export function SavePanel() {
  const [is_busy, set_busy] = useState(false);
  const [command, set_command] = useState<string | null>(null);
  const formats = catalog.value?.formats ?? [];
  const { format, quality, bits } = options.value;
  const chosen = formats.find((f) => f.name === format);
  const stem = () => `${photo.value!.name.replace(/\.[^.]*$/, '')}_${file_part(edit_title(edit.value))}`;
  const set = (part: Partial<typeof options.value>) => (options.value = { ...options.value, ...part });
  const with_format = (name: string) => {
    const can = formats.find((f) => f.name === name)?.bits ?? [];
    set({ format: name, bits: can.includes(bits) ? bits : 0 });
  };
  const busy_with = async (task: () => Promise<void>) => {
    set_busy(true);
    await attempt(task);
    set_busy(false);
  };
  const save = () =>
    busy_with(async () => say(`Saved ${await hand_over(await server.save(edited.value, options.value), `${stem()}.${format}`)}`));
  const export_look = ({ format: kind, extension, lost }: (typeof exports)[number]) =>
    busy_with(async () => {
      const used = edit.value.layers.flatMap((l) => steps_of(l) ?? []).map((s) => operations.value.get(s.op)!);
      const missing = [...new Set(used.filter((o) => o && lost(o)).map((o) => o.title.toLowerCase()))];
      const name = await hand_over(await server.export_look(edited.value, kind), `${file_part(edit_title(edit.value))}.${extension}`);
      say(`Saved ${name}${missing.length ? `. Such a file cannot carry ${missing.join(', ')}.` : ''}`);
    });
  const show_command = () =>
    busy_with(async () => {
      const text = await server.command(edited.value, options.value);
      set_command(text);
      await navigator.clipboard?.writeText(text).then(() => say('The command is copied.'), () => undefined);
    });
  return (
    <section class="panel" aria-labelledby="save-heading">
      <div class="panel-head"><h2 id="save-heading">Save</h2></div>
      <div class="fields">
        <FormatSelect value={format} on_change={with_format} />
        <label>Bits
          <select value={String(bits)} onChange={(e) => set({ bits: Number(e.currentTarget.value) })}>
            <option value="0">As is</option>
            {(chosen?.bits ?? []).map((b) => <option key={b} value={String(b)}>{b}</option>)}
          </select>
        </label>
        <label>Quality
          <input type="number" min={1} max={100} value={quality} disabled={chosen?.quality === false}
            onChange={(e) => set({ quality: Math.min(100, Math.max(1, Number(e.currentTarget.value) || 95)) })} />
        </label>
      </div>
      <button class="primary" disabled={is_untouched(edit.value) || is_busy} onClick={save}>
        {is_busy ? 'Working …' : 'Save full resolution'}
      </button>
      <div class="exports" role="group" aria-label="Export the look">
        {exports.map((e) => (
          <button key={e.format} disabled={is_busy || is_untouched(edit.value)} onClick={() => export_look(e)}>
            {e.title}
          </button>
        ))}
      </div>
      <button class="quiet" disabled={is_untouched(edit.value) || is_busy} onClick={show_command}>Copy as command</button>
      {command && <code class="command" tabIndex={0} aria-label="Command">{command}</code>}
    </section>
  );
}
