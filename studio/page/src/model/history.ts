// SPDX-License-Identifier: Apache-2.0
// Undo and redo over values that never change in place. Changes of one gesture (a drag) are one step back.

export interface History<T> {
  past: T[];
  present: T;
  future: T[];
}

const longest = 100;

export const begun = <T>(present: T): History<T> => ({ past: [], present, future: [] });

// `joins`: the change continues the gesture that made the present.
export const changed = <T>(h: History<T>, present: T, joins = false): History<T> =>
  present === h.present
    ? h
    : { past: joins ? h.past : [...h.past, h.present].slice(-longest), present, future: [] };

export function undone<T>(h: History<T>): History<T> {
  if (h.past.length === 0) return h;
  return { past: h.past.slice(0, -1), present: h.past[h.past.length - 1]!, future: [h.present, ...h.future] };
}

export function redone<T>(h: History<T>): History<T> {
  const [next, ...future] = h.future;
  return next === undefined ? h : { past: [...h.past, h.present], present: next, future };
}
