// SPDX-License-Identifier: Apache-2.0
// One number of a look: a slider, the number itself, and the way back.
import { useId } from 'preact/hooks';
import { knob_step, shown_value } from '../model/knobs';
import { ResetIcon } from './icons';

interface Props {
  label: string;
  help?: string;
  min: number;
  max: number;
  value: number;
  rest: number; // where the way back leads
  origin?: number; // where the filled part begins
  disabled?: boolean;
  on_change: (value: number) => void;
  on_end: () => void;
}

export function Slider({ label, help, min, max, value, rest, origin = rest, disabled, on_change, on_end }: Props) {
  const id = useId();
  const step = knob_step({ min, max });
  const share = (v: number) => (100 * (Math.min(max, Math.max(min, v)) - min)) / (max - min);
  const [from, to] = [share(origin), share(value)].sort((a, b) => a - b);
  const is_moved = Math.abs(value - rest) > step / 2;
  const shown = shown_value(value, step);
  const take = (text: string) => {
    const typed = Number(text);
    if (text.trim() !== '' && Number.isFinite(typed)) on_change(Math.min(max, Math.max(min, typed)));
  };
  return (
    <div class={`slider${is_moved ? ' moved' : ''}`}>
      <label for={id} title={help}>{label}</label>
      <button class="reset" hidden={!is_moved || disabled} aria-label={`Reset ${label}`} title="Reset"
        onClick={() => { on_change(rest); on_end(); }}>
        <ResetIcon />
      </button>
      <input class="number" type="text" inputMode="decimal" value={shown} aria-label={`${label}, number`}
        disabled={disabled}
        onChange={(e) => { take(e.currentTarget.value); e.currentTarget.value = shown; on_end(); }} />
      <input id={id} type="range" min={min} max={max} step={step} value={value} disabled={disabled}
        aria-describedby={help ? `${id}-help` : undefined}
        style={{ '--from': `${from}%`, '--to': `${to}%` }}
        onInput={(e) => on_change(Number(e.currentTarget.value))}
        onChange={on_end}
        onDblClick={() => { on_change(rest); on_end(); }} />
      {help && <span id={`${id}-help`} hidden>{help}</span>}
    </div>
  );
}
