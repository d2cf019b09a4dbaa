// SPDX-License-Identifier: Apache-2.0
// The step whose knobs are shown, "layer:step"; its handles are on the picture.
import { signal } from '@preact/signals';

export const open_step = signal<string | null>(null);
