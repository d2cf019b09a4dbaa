// SPDX-License-Identifier: Apache-2.0
// The frame around the screens: names, messages, keys that hold everywhere.
import { useEffect, useRef } from 'preact/hooks';
import { notice, redo, screen, screens, undo, type Screen } from '../model/studio';
import { DevelopScreen } from './develop_screen';
import { dropped_files } from './drop_zone';
import { CloseIcon } from './icons';
import { BatchScreen, MatchScreen, PaintScreen } from './job_screens';
import { LearnScreen } from './learn_screen';
import { open_and_show, OpenScreen } from './open_screen';

const shown: Record<Screen, () => preact.JSX.Element> = {
  open: OpenScreen,
  develop: DevelopScreen,
  learn: LearnScreen,
  match: MatchScreen,
  paint: PaintScreen,
  batch: BatchScreen,
};
const title = (name: Screen) => name.charAt(0).toUpperCase() + name.slice(1);

function keys(e: KeyboardEvent): void {
  if (!(e.ctrlKey || e.metaKey) || e.key.toLowerCase() !== 'z') return;
  if ((e.target as HTMLElement).closest('input:not([type=range]), textarea')) return;
  e.preventDefault();
  if (e.shiftKey) redo();
  else undo();
}

export function App() {
  const Shown = shown[screen.value];
  const body = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const over = (e: DragEvent) => e.preventDefault();
    const drop = (e: DragEvent) => {
      e.preventDefault();
      if (!e.dataTransfer?.files.length) return;
      void dropped_files(e.dataTransfer).then((files) => { if (files.length) void open_and_show(files); });
    };
    addEventListener('keydown', keys);
    addEventListener('dragover', over);
    addEventListener('drop', drop);
    return () => {
      removeEventListener('keydown', keys);
      removeEventListener('dragover', over);
      removeEventListener('drop', drop);
    };
  }, []);
  useEffect(() => {
    document.title = screen.value === 'open' ? 'Sfumato' : `${title(screen.value)} – Sfumato`;
  }, [screen.value]);
  return (
    <div class="app" ref={body}>
      <header class="top">
        <span class="brand">Sfumato</span>
        <nav aria-label="Screens">
          {screens.map((name) => (
            <button key={name} class="nav" aria-current={screen.value === name ? 'page' : undefined}
              onClick={() => {
                screen.value = name;
                queueMicrotask(() => body.current?.querySelector('main')?.focus({ preventScroll: true }));
              }}>
              {title(name)}
            </button>
          ))}
        </nav>
      </header>
      <Shown />
      <Notice />
    </div>
  );
}

const notice_ms = 6000;

function Notice() {
  const now = notice.value;
  useEffect(() => {
    if (!now || now.is_error) return;
    const timer = setTimeout(() => (notice.value = null), notice_ms);
    return () => clearTimeout(timer);
  }, [now]);
  return (
    <div class="notices">
      <div role="status" aria-live="polite">{now && !now.is_error && <p class="notice">{now.text}</p>}</div>
      <div role="alert">
        {now?.is_error && (
          <p class="notice error">
            <span>{now.text}</span>
            <button class="quiet icon-only" aria-label="Dismiss" onClick={() => (notice.value = null)}><CloseIcon /></button>
          </p>
        )}
      </div>
    </div>
  );
}
