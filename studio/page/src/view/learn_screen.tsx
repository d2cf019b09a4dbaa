// SPDX-License-Identifier: Apache-2.0
// A look of one's own: from photos before and after an edit, from one reference picture, or from a LUT file.
import type { Signal } from '@preact/signals';
import { after, before, reference, subjects, title, way, type Way } from '../model/choices';
import { start_job } from '../model/jobs';
import { server } from '../model/server';
import { attempt, catalog, open_files, photos, say } from '../model/studio';
import { DropZone } from './drop_zone';
import { JobList } from './job_list';
import { PhotoPicker } from './photo_picker';

const ways: { name: Way; title: string; about: string }[] = [
  { name: 'pairs', title: 'Pairs', about: 'Photos before and after an edit, with the same names or the same motifs. Five already show a look; more show what it does where.' },
  { name: 'reference', title: 'One reference', about: 'A picture whose color and light you want. The look is what brings your photos there.' },
  { name: 'lut', title: 'LUT', about: 'A .cube, .3dl or HaldCLUT file becomes a look among the others.' },
];

export function LearnScreen() {
  const chosen = ways.find((w) => w.name === way.value)!;
  return (
    <main class="page work-page" tabIndex={-1}>
      <h1>Learn a look</h1>
      <div class="tabs" role="group" aria-label="Learn from">
        {ways.map((w) => (
          <button key={w.name} class="tab" aria-pressed={way.value === w.name} onClick={() => (way.value = w.name)}>{w.title}</button>
        ))}
      </div>
      <p class="lead">{chosen.about}</p>
      <label class="field">Name of the look
        <input type="text" value={title.value} maxLength={80} placeholder="My look" onInput={(e) => (title.value = e.currentTarget.value)} />
      </label>
      {way.value === 'pairs' && <FromPairs />}
      {way.value === 'reference' && <FromReference />}
      {way.value === 'lut' && <FromLut />}
      <JobList kind="learn" />
    </main>
  );
}

const name_of = () => title.value.trim() || 'My look';
const stem = (id: string) => photos.value.find((p) => p.id === id)?.name.replace(/\.[^.]*$/, '') ?? id;

function FromPairs() {
  const by_name = before.value.filter((b) => after.value.some((a) => stem(a) === stem(b))).length;
  const is_ready = before.value.length > 0 && before.value.length === after.value.length;
  return (
    <>
      <div class="columns">
        <PairSide label="Before" side={before} />
        <PairSide label="After" side={after} />
      </div>
      <p class="hint" role="status">
        {before.value.length} before, {after.value.length} after, {by_name} with the same name.
      </p>
      <button class="primary" disabled={!is_ready}
        onClick={() => start_job('learn', { title: name_of(), before: before.value, after: after.value })}>
        Learn the look
      </button>
    </>
  );
}

function PairSide({ label, side }: { label: string; side: Signal<string[]> }) {
  const take = async (files: File[]) => {
    const added = (await open_files(files)).map((p) => p.id);
    side.value = [...side.value.filter((i) => !added.includes(i)), ...added];
  };
  return (
    <fieldset class="picker">
      <legend>{label}</legend>
      <DropZone label={`Drop photos ${label.toLowerCase()} the edit`} on_files={take} />
      <ul class="picker-photos">
        {side.value.map((id) => {
          const p = photos.value.find((o) => o.id === id);
          return (
            <li key={id}>
              <button class="pick" aria-label={`Take out ${p?.name ?? id}`} title={`Take out ${p?.name ?? id}`}
                onClick={() => (side.value = side.value.filter((i) => i !== id))}>
                <img src={p?.thumbnail} alt="" loading="lazy" />
              </button>
            </li>
          );
        })}
      </ul>
    </fieldset>
  );
}

function FromReference() {
  const is_ready = reference.value.length === 1 && subjects.value.length > 0;
  return (
    <>
      <div class="columns">
        <PhotoPicker label="Reference" chosen={() => reference.value} multiple={false} on_change={(ids) => (reference.value = ids)} />
        <PhotoPicker label="Your photos" chosen={() => subjects.value} on_change={(ids) => (subjects.value = ids)} />
      </div>
      <button class="primary" disabled={!is_ready}
        onClick={() => start_job('learn', { title: name_of(), reference: reference.value[0], photos: subjects.value })}>
        Learn the look
      </button>
    </>
  );
}

function FromLut() {
  const take = (files: File[]) =>
    attempt(async () => {
      const added = await server.add_look(files[0]!, title.value.trim());
      catalog.value = await server.catalog();
      say(`“${added.title}” is among the looks.`);
    });
  return <DropZone large label="Drop a LUT or look file, or choose one" multiple={false} on_files={take} />;
}
