// SPDX-License-Identifier: Apache-2.0
// Photos chosen for a job: of those opened, or dropped here.
import { open_files, photos } from '../model/studio';
import { DropZone } from './drop_zone';

interface Props {
  label: string;
  chosen: () => string[]; // asked again once files are open: meanwhile others may have been chosen
  multiple?: boolean;
  on_change: (ids: string[]) => void;
}

export function PhotoPicker({ label, chosen, multiple = true, on_change }: Props) {
  const toggle = (id: string) => {
    const others = multiple ? chosen().filter((c) => c !== id) : [];
    on_change(chosen().includes(id) ? others : [...others, id]);
  };
  const take = async (files: File[]) => {
    const added = (await open_files(files)).map((p) => p.id);
    on_change(multiple ? [...chosen().filter((c) => !added.includes(c)), ...added] : added.slice(0, 1));
  };
  return (
    <fieldset class="picker">
      <legend>{label}</legend>
      <DropZone label={multiple ? `Drop files or a folder: ${label.toLowerCase()}` : `Drop a file: ${label.toLowerCase()}`}
        multiple={multiple} on_files={take} />
      {photos.value.length > 0 && (
        <ul class="picker-photos">
          {photos.value.map((p) => (
            <li key={p.id}>
              <button class="pick" aria-pressed={chosen().includes(p.id)} title={p.name} onClick={() => toggle(p.id)}>
                <img src={p.thumbnail} alt={p.name} loading="lazy" />
              </button>
            </li>
          ))}
        </ul>
      )}
    </fieldset>
  );
}
