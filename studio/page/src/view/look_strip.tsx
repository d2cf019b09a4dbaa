// SPDX-License-Identifier: Apache-2.0
// Every look on this very photo. A click applies it; with Shift, or by the plus, it is added to those that are there.
import {
  attempt, catalog, change, edit, kept_looks, looks, painted, photo, type KeptLook as KeptLookText,
} from '../model/studio';
import { untouched, with_layers, with_look, with_look_added, type Edit } from '../model/edit';
import { server } from '../model/server';
import { CloseIcon, PlusIcon } from './icons';
import { open_step } from './open_step';

const thumbnail_height = 120;

export function LookStrip() {
  const p = photo.value;
  if (!p) return null;
  const layers = edit.value.layers;
  const width = Math.round((thumbnail_height * p.width) / p.height);
  // The picture itself comes first.
  const source = (address: string) => (painted.value === p.id ? address : undefined);
  const apply = (name: string, title: string, adds: boolean) => {
    open_step.value = null;
    change(adds ? with_look_added(edit.value, name, title) : with_look(edit.value, name, title));
  };
  return (
    <section class="strip" aria-label="Looks">
      <ul>
        <li>
          <button class="look" aria-pressed={layers.length === 0} onClick={() => change(untouched)}>
            <img src={source(p.thumbnail)} alt="" height={thumbnail_height} width={width} loading="lazy" draggable={false} />
            <span>Original</span>
          </button>
        </li>
        {kept_looks.value.map((kept, i) => <KeptLook key={`kept ${i}`} index={i} kept={kept} />)}
        {looks.value.map((look) => (
          <li key={look.name}>
            <button class="look" title={look.about} aria-pressed={layers.some((l) => l.look === look.name)}
              onClick={(e) => apply(look.name, look.title, e.shiftKey)}>
              <img src={source(server.thumbnail(p.id, look.name, thumbnail_height))} alt="" height={thumbnail_height}
                width={width} loading="lazy" draggable={false} />
              <span>{look.title}</span>
            </button>
            {look.own && layers.length === 0 && (
              <button class="look-add icon-only" aria-label={`Delete ${look.title}`} title={`Delete ${look.title}`}
                onClick={() => remove_look(look.name)}>
                <CloseIcon />
              </button>
            )}
            {layers.length > 0 && (
              <button class="look-add icon-only" aria-label={`Add ${look.title}`} title={`Add ${look.title} to the stack`}
                onClick={() => apply(look.name, look.title, true)}>
                <PlusIcon />
              </button>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

const remove_look = (name: string) =>
  attempt(async () => {
    await server.remove_look(name);
    catalog.value = await server.catalog();
  });

// The strength belongs to the whole stack: added to another, a kept look takes on that one's.
function KeptLook({ index, kept }: { index: number; kept: KeptLookText }) {
  const { title, layers, strength = 1 } = kept;
  const alone: Edit = { layers, strength };
  return (
    <li>
      <button class="look kept" aria-pressed={JSON.stringify(edit.value) === JSON.stringify(alone)}
        onClick={(e) => change(e.shiftKey ? with_layers(edit.value, [...edit.value.layers, ...layers]) : alone)}>
        <span class="kept-name">{title}</span>
        <span>Kept</span>
      </button>
      <button class="look-add icon-only" aria-label={`Forget ${title}`} title="Forget"
        onClick={() => (kept_looks.value = kept_looks.value.filter((_, i) => i !== index))}>
        <CloseIcon />
      </button>
    </li>
  );
}
