import { reactive } from 'vue';
import type { BodyIn } from '../../../src/board/api/contract.js';
import { call } from '../api/call.js';

export type Plan = BodyIn<'putFloorplan'>;
export type PlanArea = Plan['areas'][number];
export type PlanItem = PlanArea['items'][number];

/** The floor plan as the administrator drew it; no areas means that none was drawn. */
export const floorplan = reactive<Plan>({ areas: [] });

/** Loads the plan; true where one is drawn. A hall without a plan, or a failed call, shows the grid. */
export async function loadFloorplan(): Promise<boolean> {
  try {
    floorplan.areas = (await call('getFloorplan', {})).areas;
  } catch {
    floorplan.areas = [];
  }
  return floorplan.areas.length > 0;
}

export async function savePlan(plan: Plan): Promise<void> {
  await call('putFloorplan', { body: plan });
  floorplan.areas = plan.areas;
}

/** Subjects laid out in rows, as a start for an area that is to be drawn. */
export function arrange(subjects: readonly string[]): PlanItem[] {
  const columns = Math.max(1, Math.ceil(Math.sqrt(subjects.length * 2)));
  const rows = Math.max(1, Math.ceil(subjects.length / columns));
  const [w, h] = [0.9 / columns, Math.min(0.22, 0.9 / rows)];
  return subjects.map((subject, i) => ({
    subject,
    x: round(0.05 + (i % columns) * w),
    y: round(0.05 + Math.floor(i / columns) * h),
    w: round(w * 0.92),
    h: round(h * 0.86),
  }));
}

const clamp = (value: number, high: number): number => Math.min(high, Math.max(0, value));
const round = (value: number): number => Math.round(value * 1000) / 1000;
const STEP = 0.01;
const onGrid = (value: number): number => round(Math.round(value / STEP) * STEP);

/** An item moved by fractions of the area, on a grid of a hundredth, kept inside. */
export const moved = (item: PlanItem, dx: number, dy: number): PlanItem => ({
  ...item,
  x: clamp(onGrid(item.x + dx), round(1 - item.w)),
  y: clamp(onGrid(item.y + dy), round(1 - item.h)),
});

/** An item with another size, never smaller than can be read. */
export const resized = (item: PlanItem, dw: number, dh: number): PlanItem => ({
  ...item,
  w: Math.min(round(1 - item.x), Math.max(0.05, onGrid(item.w + dw))),
  h: Math.min(round(1 - item.y), Math.max(0.06, onGrid(item.h + dh))),
});
