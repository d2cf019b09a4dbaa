// SPDX-License-Identifier: Apache-2.0
// The stack of looks on this photo, the strength of all of it, and every step of each.
import { useEffect } from 'preact/hooks';
import type { Step } from '../model/contract';
import {
  change, edit, end_gesture, kept_looks, operations, photo_id, resolve, say, steps_of,
} from '../model/studio';
import {
  edit_title, is_untouched, untouched, with_layer_moved, with_layer_restored, with_step_added, with_strength,
  without_layer, type Layer,
} from '../model/edit';
import { CloseIcon, DownIcon, ResetIcon, UpIcon } from './icons';
import { open_step } from './open_step';
import { Slider } from './slider';
import { StepPanel } from './step_panel';

const most_strength = 1.5; // what the engine dials to

export function LayersPanel() {
  const { layers, strength } = edit.value;
  return (
    <section class="panel" aria-labelledby="look-heading">
      <div class="panel-head">
        <h2 id="look-heading">Look</h2>
        {!is_untouched(edit.value) && (
          <>
            <button class="quiet" onClick={keep_look}>Keep look</button>
            <button class="quiet" onClick={() => { change(untouched); open_step.value = null; }}>Clear</button>
          </>
        )}
      </div>
      {layers.length === 0 && <p class="hint">Choose a look below the picture, or add an adjustment.</p>}
      {layers.length > 0 && (
        <Slider label="Strength" help="0 changes nothing, 1 is the look." min={0} max={most_strength} value={strength}
          rest={1} origin={0} on_change={(v) => change(with_strength(edit.value, v), 'strength')} on_end={end_gesture} />
      )}
      {layers.map((layer, i) => <LayerPanel key={`${i} ${layer.look}`} layer={layer} index={i} count={layers.length} />)}
      <AddStep />
    </section>
  );
}

function keep_look(): void {
  const title = edit_title(edit.value);
  kept_looks.value = [...kept_looks.value, { title, layers: edit.value.layers, strength: edit.value.strength }];
  say(`Kept as “${title}”, under the picture.`);
}

function LayerPanel({ layer, index, count }: { layer: Layer; index: number; count: number }) {
  const id = photo_id.value;
  useEffect(() => void resolve(layer), [layer, id]);
  const steps = steps_of(layer);
  return (
    <div class="layer">
      <div class="layer-head">
        <h3>{layer.title}</h3>
        {layer.steps && layer.look !== '' && (
          <button class="quiet icon-only" aria-label={`Reset ${layer.title}`} title="Back to the look"
            onClick={() => change(with_layer_restored(edit.value, index))}>
            <ResetIcon />
          </button>
        )}
        {count > 1 && (
          <>
            <button class="quiet icon-only" aria-label={`Move ${layer.title} up`} disabled={index === 0}
              onClick={() => change(with_layer_moved(edit.value, index, -1))}>
              <UpIcon />
            </button>
            <button class="quiet icon-only" aria-label={`Move ${layer.title} down`} disabled={index === count - 1}
              onClick={() => change(with_layer_moved(edit.value, index, 1))}>
              <DownIcon />
            </button>
          </>
        )}
        <button class="quiet icon-only" aria-label={`Remove ${layer.title}`} title="Remove"
          onClick={() => change(without_layer(edit.value, index))}>
          <CloseIcon />
        </button>
      </div>
      {!steps && <p class="hint" aria-busy="true">Reading the look …</p>}
      {steps?.map((step, i) => (
        <StepPanel key={i} layer={index} index={i} steps={steps} count={steps.length}
          operation={operations.value.get(step.op)} before={predicted(layer, step, i, steps.length)} />
      ))}
    </div>
  );
}

// What the look said of this step: the step at the same place, or after steps came or went the next of its kind.
function predicted(layer: Layer, step: Step, index: number, count: number): Step | undefined {
  if (!layer.steps) return step;
  if (!layer.predicted) return undefined;
  const same_place = layer.predicted[index];
  if (layer.predicted.length === count && same_place?.op === step.op) return same_place;
  return layer.predicted.find((s) => s.op === step.op);
}

function AddStep() {
  const choices = [...operations.value.values()].filter((o) => o.resource === null);
  return (
    <select class="add-step" aria-label="Add an adjustment" value=""
      onChange={(e) => {
        const op = e.currentTarget.value;
        if (!op) return;
        e.currentTarget.value = '';
        const next = with_step_added(edit.value, { op });
        change(next);
        const layer = next.layers.length - 1;
        open_step.value = `${layer}:${next.layers[layer]!.steps!.length - 1}`;
      }}>
      <option value="">Add an adjustment …</option>
      {choices.map((o) => <option key={o.id} value={o.id}>{o.title}</option>)}
    </select>
  );
}
