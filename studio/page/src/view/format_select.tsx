// SPDX-License-Identifier: Apache-2.0
import { catalog } from '../model/studio';

export function FormatSelect({ value, on_change }: { value: string; on_change: (name: string) => void }) {
  return (
    <label>Format
      <select value={value} onChange={(e) => on_change(e.currentTarget.value)}>
        {(catalog.value?.formats ?? []).map((f) => (
          <option key={f.name} value={f.name}>{f.title ?? f.name.toUpperCase()}</option>
        ))}
      </select>
    </label>
  );
}
