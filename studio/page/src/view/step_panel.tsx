// SPDX-License-Identifier: Apache-2.0
// One step of a look with its knobs, as the catalog describes them.
import type { KnobCard, Operation, Step } from '../model/contract';
import { change, edit, end_gesture, is_fixed } from '../model/studio';
import { knob_title, knob_values, same_values, step_differs, value_names } from '../model/knobs';
import { with_knob_set, with_step_moved, with_step_set, without_step } from '../model/edit';
import { CurveEditor } from './curve_editor';
import { CloseIcon, DownIcon, ResetIcon, UpIcon } from './icons';
import { Slider } from './slider';
import { open_step } from './open_step';

interface Props {
  layer: number;
  index: number;
  steps: Step[]; // of the layer, as they are now
  operation: Operation | undefined;
  before: Step | undefined; // what the look predicted
  count: number;
}

const is_curve = (card: KnobCard) => card.count === 9 && /tones/.test(card.help);

export function StepPanel({ layer, index, steps, operation, before, count }: Props) {
  const step = steps[index]!;
  const key = `${layer}:${index}`;
  const fixed = !operation || is_fixed(steps);
  const title = operation?.title ?? step.op;
  const is_changed = operation && before ? step_differs(step, before, operation) : false;
  const set = (card: KnobCard, i: number, value: number) =>
    change(with_knob_set(edit.value, layer, steps, index, card, i, value), `${key} ${card.name} ${i}`);
  const set_whole = (text: Step) => {
    change(with_step_set(edit.value, layer, steps, index, text));
    end_gesture();
  };
  const rest_step: Step = before?.op === step.op ? before : { op: step.op };
  const curves = operation?.knobs.filter(is_curve) ?? [];
  return (
    <details class="step" open={open_step.value === key}
      onToggle={(e) => {
        if (e.currentTarget.open) open_step.value = key;
        else if (open_step.value === key) open_step.value = null;
      }}>
      <summary>
        <span class="step-title">{title}</span>
        {is_changed && <span class="changed">changed</span>}
      </summary>
      <div class="step-body">
        {fixed && <p class="hint">The look decides this for each part of the picture; add an adjustment to go further.</p>}
        {!fixed && operation!.knobs.filter((card) => !is_curve(card)).map((card) => (
          <Knob key={card.name} card={card} operation={operation!} step={step} before={before} rest={rest_step} set={set} />
        ))}
        {!fixed && curves.length > 0 && (
          <CurveEditor cards={curves} step={step} disabled={false} on_change={set} on_end={end_gesture}
            on_reset={(card) => set_whole({ ...step, [card.name]: knob_values(rest_step, card) })} />
        )}
        {step.op === 'grain' && <p class="hint">Grain is seen at 100 %.</p>}
        {!fixed && <div class="step-actions">
          {is_changed && (
            <button class="quiet" onClick={() => set_whole(before!)}><ResetIcon /> Reset step</button>
          )}
          <button class="quiet icon-only" aria-label={`Move ${title} up`} disabled={index === 0}
            onClick={() => { change(with_step_moved(edit.value, layer, steps, index, -1)); open_step.value = `${layer}:${index - 1}`; }}>
            <UpIcon />
          </button>
          <button class="quiet icon-only" aria-label={`Move ${title} down`} disabled={index === count - 1}
            onClick={() => { change(with_step_moved(edit.value, layer, steps, index, 1)); open_step.value = `${layer}:${index + 1}`; }}>
            <DownIcon />
          </button>
          <button class="quiet" onClick={() => { change(without_step(edit.value, layer, steps, index)); open_step.value = null; }}>
            <CloseIcon /> Remove
          </button>
        </div>}
      </div>
    </details>
  );
}

interface KnobProps {
  card: KnobCard;
  operation: Operation;
  step: Step;
  before: Step | undefined;
  rest: Step;
  set: (card: KnobCard, index: number, value: number) => void;
}

function Knob({ card, operation, step, before, rest, set }: KnobProps) {
  const values = knob_values(step, card);
  const rests = knob_values(rest, card);
  const names = card.count > 1 ? value_names(operation, card) : [];
  const predicted = before?.op === step.op ? knob_values(before, card) : null;
  const sliders = values.map((value, i) => (
    <Slider key={i} label={card.count > 1 ? names[i]! : knob_title(card.name)} help={card.count > 1 ? undefined : card.help}
      min={card.min} max={card.max} value={value} rest={rests[i]!} origin={card.neutral}
      on_change={(v) => set(card, i, v)} on_end={end_gesture} />
  ));
  const was = predicted && !same_values(predicted, values) && card.count === 1 && (
    <p class="predicted">The look had {Number(predicted[0]!.toPrecision(3))}</p>
  );
  if (card.count === 1)
    return (
      <div>
        {sliders}
        {was}
      </div>
    );
  return (
    <fieldset class="knob-list">
      <legend title={card.help}>{knob_title(card.name)}</legend>
      {sliders}
    </fieldset>
  );
}
