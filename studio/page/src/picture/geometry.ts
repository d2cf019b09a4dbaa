// SPDX-License-Identifier: Apache-2.0
// Where the picture lies on the stage. CSS pixels unless said.
import type { Area } from '../model/contract';

export interface Size {
  width: number;
  height: number;
}
export interface Point {
  x: number;
  y: number;
}
export type Zoom = 'fit' | 'full';

// Beyond two megapixels a software GPU falls behind the slider.
const most_whole_pixels = 2_000_000;

// The whole photo on the stage, in device pixels, never enlarged.
export function fitted_size(photo: Size, stage: Size, ratio: number): Size {
  const room = Math.min((stage.width * ratio) / photo.width, (stage.height * ratio) / photo.height, 1);
  const limit = Math.sqrt(most_whole_pixels / (photo.width * photo.height));
  const scale = Math.min(room, limit);
  return {
    width: Math.max(1, Math.round(photo.width * scale)),
    height: Math.max(1, Math.round(photo.height * scale)),
  };
}

// The whole picture's rectangle on the stage.
export function frame_of(photo: Size, stage: Size, ratio: number, zoom: Zoom, center: Point): Area {
  if (zoom === 'fit') {
    const scale = Math.min(stage.width / photo.width, stage.height / photo.height, 1 / ratio);
    const whole = (v: number) => Math.round(v * ratio) / ratio; // device pixels
    const width = whole(photo.width * scale);
    const height = whole(photo.height * scale);
    return { x: whole((stage.width - width) / 2), y: whole((stage.height - height) / 2), width, height };
  }
  const width = photo.width / ratio;
  const height = photo.height / ratio;
  const along = (size: number, room: number, share: number) =>
    size <= room ? (room - size) / 2 : Math.min(0, Math.max(room - size, room / 2 - share * size));
  return { x: along(width, stage.width, center.x), y: along(height, stage.height, center.y), width, height };
}

// At 100 %: the part of the photo that the stage shows, in photo pixels.
export function visible_area(photo: Size, stage: Size, ratio: number, frame: Area): Area {
  const x = Math.max(0, Math.round(-frame.x * ratio));
  const y = Math.max(0, Math.round(-frame.y * ratio));
  return {
    x,
    y,
    width: Math.min(photo.width - x, Math.ceil(stage.width * ratio)),
    height: Math.min(photo.height - y, Math.ceil(stage.height * ratio)),
  };
}

export const contains = (outer: Area, inner: Area): boolean =>
  inner.x >= outer.x &&
  inner.y >= outer.y &&
  inner.x + inner.width <= outer.x + outer.width &&
  inner.y + inner.height <= outer.y + outer.height;

// With a border that a pan finds loaded.
export function with_border(area: Area, photo: Size): Area {
  const dx = Math.round(area.width / 4);
  const dy = Math.round(area.height / 4);
  const x = Math.max(0, area.x - dx);
  const y = Math.max(0, area.y - dy);
  return {
    x,
    y,
    width: Math.min(photo.width, area.x + area.width + dx) - x,
    height: Math.min(photo.height, area.y + area.height + dy) - y,
  };
}
