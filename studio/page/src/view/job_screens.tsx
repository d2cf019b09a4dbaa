// SPDX-License-Identifier: Apache-2.0
// Match, paint and batch: choose photos, choose what becomes of them, watch.
import { useEffect, useState } from 'preact/hooks';
import { batch, match, paint } from '../model/choices';
import { start_job } from '../model/jobs';
import { server } from '../model/server';
import { edit, looks } from '../model/studio';
import { edit_title, is_untouched, look_parameters } from '../model/edit';
import { FormatSelect } from './format_select';
import { JobList } from './job_list';
import { PhotoPicker } from './photo_picker';
import { Slider } from './slider';

const nothing = () => undefined;

export function MatchScreen() {
  const m = match.value;
  const set = (part: Partial<typeof m>) => (match.value = { ...match.value, ...part });
  return (
    <main class="page work-page" tabIndex={-1}>
      <h1>Match a reference</h1>
      <p class="lead">Your photos take the color and light of one picture; their detail stays.</p>
      <div class="columns">
        <PhotoPicker label="Photos" chosen={() => match.value.photos} on_change={(photos) => set({ photos })} />
        <PhotoPicker label="Reference" chosen={() => match.value.reference} multiple={false} on_change={(reference) => set({ reference })} />
      </div>
      <div class="knobs">
        <Slider label="Strength" min={0} max={1} value={m.strength} rest={1} origin={0}
          on_change={(strength) => set({ strength })} on_end={nothing} />
        <Slider label="Protection of skin, sky, whites and shadows" min={0} max={1} value={m.protection} rest={0.5} origin={0}
          on_change={(protection) => set({ protection })} on_end={nothing} />
      </div>
      {m.photos.length > 0 && m.reference.length > 0 && (
        <Settling address={server.match_preview(m.photos[0]!, m.reference[0]!, m.strength, m.protection)}
          alt="The first photo, matched" />
      )}
      <button class="primary" disabled={!m.photos.length || !m.reference.length}
        onClick={() => start_job('match', { title: `Match ${counted(m.photos.length)}`, photos: m.photos, reference: m.reference[0], options: { strength: m.strength, protection: m.protection } })}>
        Match {counted(m.photos.length)}
      </button>
      <JobList kind="match" />
    </main>
  );
}

// A picture whose address may change with every move of a slider: asked for once it rests.
function Settling({ address, alt }: { address: string; alt: string }) {
  const [asked, ask] = useState(address);
  useEffect(() => {
    const timer = setTimeout(() => ask(address), 80);
    return () => clearTimeout(timer);
  }, [address]);
  return <img class="live" src={asked} alt={alt} />;
}

export function PaintScreen() {
  const p = paint.value;
  const set = (part: Partial<typeof p>) => (paint.value = { ...paint.value, ...part });
  return (
    <main class="page work-page" tabIndex={-1}>
      <h1>Paint</h1>
      <p class="lead">Your photos, put together of the brushwork of a painting.</p>
      <div class="columns">
        <PhotoPicker label="Photos" chosen={() => paint.value.photos} on_change={(photos) => set({ photos })} />
        <PhotoPicker label="Painting" chosen={() => paint.value.style} multiple={false} on_change={(style) => set({ style })} />
      </div>
      <div class="knobs">
        <Slider label="Balance: the painting's forms to the photo's" min={0} max={1} value={p.balance} rest={0.35} origin={0}
          on_change={(balance) => set({ balance })} on_end={nothing} />
        <label class="check">
          <input type="checkbox" checked={p.keep_colors} onChange={(e) => set({ keep_colors: e.currentTarget.checked })} />
          Keep the photo's colors
        </label>
      </div>
      <button class="primary" disabled={!p.photos.length || !p.style.length}
        onClick={() => start_job('paint', { title: `Paint ${counted(p.photos.length)}`, photos: p.photos, style: p.style[0], options: { balance: p.balance, keep_colors: p.keep_colors } })}>
        Paint {counted(p.photos.length)}
      </button>
      <JobList kind="paint" />
    </main>
  );
}

const counted = (n: number) => (n === 0 ? '' : n === 1 ? '1 photo' : `${n} photos`);

export function BatchScreen() {
  const b = batch.value;
  const set = (part: Partial<typeof b>) => (batch.value = { ...batch.value, ...part });
  const has_edit = !is_untouched(edit.value);
  const chosen = b.look || (has_edit ? '' : (looks.value[0]?.name ?? ''));
  const look_title = chosen ? (looks.value.find((l) => l.name === chosen)?.title ?? chosen) : edit_title(edit.value);
  const wish = chosen
    ? { looks: [chosen], strength: b.strength }
    : { looks: look_parameters(edit.value), strength: edit.value.strength };
  return (
    <main class="page work-page" tabIndex={-1}>
      <h1>Batch</h1>
      <p class="lead">One look on many photos, at full resolution. A file that cannot be read holds nothing up.</p>
      <PhotoPicker label="Photos" chosen={() => batch.value.photos} on_change={(photos) => set({ photos })} />
      <div class="fields">
        <label>Look
          <select value={chosen} onChange={(e) => set({ look: e.currentTarget.value })}>
            {has_edit && <option value="">The present edit: {edit_title(edit.value)}</option>}
            {looks.value.map((l) => <option key={l.name} value={l.name}>{l.title}</option>)}
          </select>
        </label>
        <FormatSelect value={b.format} on_change={(format) => set({ format })} />
      </div>
      {chosen && (
        <div class="knobs">
          <Slider label="Strength" min={0} max={1.5} value={b.strength} rest={1} origin={0}
            on_change={(strength) => set({ strength })} on_end={nothing} />
        </div>
      )}
      <button class="primary" disabled={!b.photos.length}
        onClick={() => start_job('batch', { title: `${look_title} on ${counted(b.photos.length)}`, photos: b.photos, ...wish, options: { format: b.format } })}>
        Render {counted(b.photos.length)}
      </button>
      <JobList kind="batch" />
    </main>
  );
}
