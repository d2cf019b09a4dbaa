// SPDX-License-Identifier: Apache-2.0
// What the user did to a photo, as plain data, and the changes that can be made to it. No function here has effects.
import type { KnobCard, LookParameter, Step } from './contract';
import { with_knob } from './knobs';

// One look of the stack. `steps` is there once the user changed something; `predicted` is then what the look was
// for this photo before.
export interface Layer {
  look: string; // a name of the catalog; '' for the user's own steps
  title: string;
  steps?: Step[];
  predicted?: Step[];
}

export interface Edit {
  layers: Layer[];
  strength: number;
}

export const untouched: Edit = { layers: [], strength: 1 };

export const is_untouched = (edit: Edit): boolean => edit.layers.length === 0;

export const look_parameters = (edit: Edit): LookParameter[] => edit.layers.map(layer_parameter);

export const layer_parameter = (layer: Layer): LookParameter =>
  layer.steps ? { sfumato: 1, title: layer.title, steps: layer.steps } : layer.look;

const replaced = <T>(list: readonly T[], index: number, item: T): T[] => list.map((old, i) => (i === index ? item : old));
const without = <T>(list: readonly T[], index: number): T[] => list.filter((_, i) => i !== index);
function moved<T>(list: readonly T[], index: number, by: number): T[] {
  const to = index + by;
  if (to < 0 || to >= list.length) return [...list];
  const result = without(list, index);
  result.splice(to, 0, list[index]!);
  return result;
}

export const with_look = (edit: Edit, look: string, title: string): Edit => ({ ...edit, layers: [{ look, title }] });
export const with_layers = (edit: Edit, layers: Layer[]): Edit => ({ ...edit, layers });
export const with_look_added = (edit: Edit, look: string, title: string): Edit => ({
  ...edit,
  layers: [...edit.layers, { look, title }],
});
export const with_strength = (edit: Edit, strength: number): Edit => ({ ...edit, strength });
export const without_layer = (edit: Edit, index: number): Edit => ({ ...edit, layers: without(edit.layers, index) });
export const with_layer_moved = (edit: Edit, index: number, by: number): Edit => ({
  ...edit,
  layers: moved(edit.layers, index, by),
});

// `resolved`: the layer's steps for this photo, from which a layer that nobody touched is edited.
function with_steps(edit: Edit, index: number, resolved: Step[], change: (steps: Step[]) => Step[]): Edit {
  const layer = edit.layers[index]!;
  const steps = change(layer.steps ?? resolved);
  const predicted = layer.steps ? layer.predicted : resolved;
  return { ...edit, layers: replaced(edit.layers, index, { ...layer, steps, predicted }) };
}

export const with_knob_set = (
  edit: Edit, layer: number, resolved: Step[], step: number, card: KnobCard, value_index: number, value: number,
): Edit =>
  with_steps(edit, layer, resolved, (steps) =>
    replaced(steps, step, with_knob(steps[step]!, card, value_index, value)),
  );

export const with_step_set = (edit: Edit, layer: number, resolved: Step[], step: number, text: Step): Edit =>
  with_steps(edit, layer, resolved, (steps) => replaced(steps, step, text));

export const without_step = (edit: Edit, layer: number, resolved: Step[], step: number): Edit =>
  with_steps(edit, layer, resolved, (steps) => without(steps, step));

export const with_step_moved = (edit: Edit, layer: number, resolved: Step[], step: number, by: number): Edit =>
  with_steps(edit, layer, resolved, (steps) => moved(steps, step, by));

// New steps go to a layer of the user's own at the end of the stack, so that a look keeps adapting to photos.
export function with_step_added(edit: Edit, step: Step): Edit {
  const last = edit.layers.length - 1;
  const own = edit.layers[last];
  if (own && own.look === '')
    return { ...edit, layers: replaced(edit.layers, last, { ...own, steps: [...(own.steps ?? []), step] }) };
  return { ...edit, layers: [...edit.layers, { look: '', title: 'Adjustments', steps: [step] }] };
}

export const with_layer_restored = (edit: Edit, index: number): Edit => ({
  ...edit,
  layers: replaced(edit.layers, index, { look: edit.layers[index]!.look, title: edit.layers[index]!.title }),
});

export const edit_title = (edit: Edit): string =>
  is_untouched(edit) ? 'Original' : edit.layers.map((l) => l.title).join(' + ');
