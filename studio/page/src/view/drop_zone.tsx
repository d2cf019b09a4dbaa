// SPDX-License-Identifier: Apache-2.0
// A place to drop files or folders on, which is also a button that asks for them.
import type { ComponentChildren } from 'preact';
import { useRef, useState } from 'preact/hooks';
import { DropIcon } from './icons';

interface Props {
  label: string;
  accept?: string;
  multiple?: boolean;
  large?: boolean;
  children?: ComponentChildren;
  on_files: (files: File[]) => void;
}

// The files of a drop, those within folders too, in the order of their names.
export async function dropped_files(transfer: DataTransfer): Promise<File[]> {
  const entries = [...transfer.items].map((i) => i.webkitGetAsEntry?.()).filter((e): e is FileSystemEntry => !!e);
  if (!entries.some((e) => e.isDirectory)) return [...transfer.files];
  const read = async (entry: FileSystemEntry): Promise<File[]> => {
    if (entry.isFile) return [await new Promise<File>((done, fail) => (entry as FileSystemFileEntry).file(done, fail))];
    const reader = (entry as FileSystemDirectoryEntry).createReader();
    const inside: FileSystemEntry[] = [];
    for (;;) {
      const some = await new Promise<FileSystemEntry[]>((done, fail) => reader.readEntries(done, fail));
      if (some.length === 0) break;
      inside.push(...some);
    }
    const files = await Promise.all(inside.filter((e) => !e.name.startsWith('.')).map(read));
    return files.flat();
  };
  return (await Promise.all(entries.map(read))).flat().sort((a, b) => a.name.localeCompare(b.name));
}

export function DropZone({ label, accept, multiple = true, large, children, on_files }: Props) {
  const input = useRef<HTMLInputElement>(null);
  const [is_over, set_over] = useState(false);
  const take = (files: File[]) => files.length && on_files(multiple ? files : files.slice(0, 1));
  return (
    <div class={`drop${large ? ' large' : ''}${is_over ? ' over' : ''}`}
      onDragOver={(e) => { e.preventDefault(); set_over(true); }}
      onDragLeave={() => set_over(false)}
      onDrop={(e) => {
        e.preventDefault();
        e.stopPropagation();
        set_over(false);
        void dropped_files(e.dataTransfer!).then(take);
      }}>
      <button class="drop-button" onClick={() => input.current!.click()}>
        <DropIcon />
        <span>{label}</span>
      </button>
      {children}
      <input ref={input} type="file" hidden multiple={multiple} accept={accept} aria-label={label}
        onChange={(e) => {
          take([...e.currentTarget.files!]);
          e.currentTarget.value = '';
        }} />
    </div>
  );
}
