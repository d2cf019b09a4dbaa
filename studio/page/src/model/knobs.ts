// SPDX-License-Identifier: Apache-2.0
// Reading and writing knob values of a step, as looks write them.
import type { KnobCard, KnobText, Operation, Step } from './contract';

// Of [low, preset, high] the preset, which is what renders.
const preset = (text: number | number[] | undefined, card: KnobCard): number =>
  typeof text === 'number' ? text : Array.isArray(text) ? (text[1] ?? card.initial) : card.initial;

export function knob_values(step: Step, card: KnobCard): number[] {
  const text = step[card.name] as KnobText | undefined;
  if (card.count === 1) return [preset(text as number | number[] | undefined, card)];
  const list = Array.isArray(text) ? text : [];
  return Array.from({ length: card.count }, (_, i) => preset(list[i], card));
}

export function with_knob(step: Step, card: KnobCard, index: number, value: number): Step {
  const values = knob_values(step, card);
  values[index] = Math.min(card.max, Math.max(card.min, value));
  return { ...step, [card.name]: card.count === 1 ? values[0] : values };
}

// All knobs as plain numbers: what a photo's resolved look is edited from.
export function plain_step(step: Step, operation: Operation): Step {
  const plain: Step = { ...step };
  for (const card of operation.knobs) {
    if (!(card.name in step)) continue;
    const values = knob_values(step, card);
    plain[card.name] = card.count === 1 ? values[0] : values;
  }
  return plain;
}

export const same_values = (a: number[], b: number[]): boolean =>
  a.length === b.length && a.every((v, i) => Math.abs(v - b[i]!) < 1e-6);

export function step_differs(a: Step, b: Step | undefined, operation: Operation): boolean {
  return !b || operation.knobs.some((k) => !same_values(knob_values(a, k), knob_values(b, k)));
}

// Names for the values of a list, read from its help: "Turn of red, orange, ..., magenta; ...". A knob whose help
// names none ("the same eight") takes those of the first before it with as many.
export function value_names(operation: Operation, card: KnobCard): string[] {
  const listed = (help: string, count: number): string[] | null => {
    const words = help.match(/[\w/]+(?:, [\w/]+)+/g)?.map((s) => s.split(', ')) ?? [];
    return words.find((w) => w.length >= count)?.slice(0, count) ?? null;
  };
  const same_length = operation.knobs.slice(0, operation.knobs.indexOf(card) + 1).filter((k) => k.count === card.count);
  for (const k of [card, ...same_length]) {
    const names = listed(k.help, card.count);
    if (names) return names;
  }
  return Array.from({ length: card.count }, (_, i) => String(i + 1));
}

export const knob_title = (name: string): string => {
  const words = name.replaceAll('_', ' ');
  return words === 'rgb' ? 'RGB' : words.charAt(0).toUpperCase() + words.slice(1);
};

// Some hundreds of positions over the range, a power of ten apart.
export const knob_step = (card: { min: number; max: number }): number =>
  Number((10 ** Math.round(Math.log10((card.max - card.min) / 200))).toPrecision(1));

export function shown_value(value: number, step: number): string {
  const decimals = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  return (Math.abs(value) < step / 2 ? 0 : value).toFixed(decimals);
}
