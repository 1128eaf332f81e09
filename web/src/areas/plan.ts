import type { AnswerOf, BodyIn } from '../../../src/board/api/contract.js';
import type { Box, Polygon } from '../../../src/core/geometry.js';
import { type RoomArea, roomGraph } from '../../../src/core/roomGraph.js';
import { clockwise } from '../zones/edit.js';

export type AreaKind = RoomArea['kind'];
export const AREA_KINDS: readonly AreaKind[] = ['door', 'room', 'corridor', 'lounge'];

/** An area as the editor handles it; links go both ways. */
export interface EditedArea {
  id: string;
  kind: AreaKind;
  camera: string;
  zone: Polygon;
  to: string[];
}

/** What the server keeps, as the editor handles it: a link written on one side alone is one on both. */
export function planOf({ areas }: Pick<AnswerOf<'getRoomAreas'>, 'areas'>): EditedArea[] {
  return areas.map((area) => {
    const back = areas.filter(({ to }) => to.includes(area.id)).map(({ id }) => id);
    return { ...area, to: [...new Set([...area.to, ...back])] };
  });
}

/** What goes to the server. */
export const bodyOf = (areas: readonly EditedArea[]): Omit<BodyIn<'putRoomAreas'>, 'etag'> => ({
  areas: areas.map((area) => ({
    ...area,
    zone: clockwise(area.zone).map(([x, y]) => [x, y] as [number, number]),
  })),
});

const LETTER: Record<AreaKind, string> = { door: 'D', room: 'R', corridor: 'C', lounge: 'L' };

/** The first free id of a kind: `D1`, `R1`, ... */
export function freeAreaId(areas: readonly EditedArea[], kind: AreaKind): string {
  let n = 1;
  while (areas.some(({ id }) => id === `${LETTER[kind]}${n}`)) n += 1;
  return `${LETTER[kind]}${n}`;
}

/** Connects two areas, or no longer: both ways. */
export function toggleLink(areas: readonly EditedArea[], a: string, b: string): EditedArea[] {
  const linked = areas.find(({ id }) => id === a)?.to.includes(b) ?? false;
  const changed = (area: EditedArea, other: string): EditedArea => ({
    ...area,
    to: linked ? area.to.filter((id) => id !== other) : [...area.to, other],
  });
  return areas.map((area) => (area.id === a ? changed(area, b) : area.id === b ? changed(area, a) : area));
}

/** Without an area, and without the ways to it. */
export const withoutArea = (areas: readonly EditedArea[], gone: string): EditedArea[] =>
  areas.filter(({ id }) => id !== gone).map((area) => ({ ...area, to: area.to.filter((id) => id !== gone) }));

/** One sentence of the preview: a text key of `areas.*` and what it is about. */
export type AreaNote =
  | { key: 'behindOutside'; door: string }
  | { key: 'behindInside'; door: string; area: string }
  | { key: 'wholeDoor'; door: string; camera: string }
  | { key: 'noDoor'; camera: string }
  | { key: 'alone' | 'unreached'; area: string };

/** Notes that people should mend before the graph says what they mean. */
export const isWarning = ({ key }: AreaNote): boolean => key === 'alone' || key === 'unreached' || key === 'wholeDoor';

/** What the rules will make of the areas, in the words of the preview; `cameras` are the room's. */
export function notesOf(areas: readonly EditedArea[], cameras: readonly string[]): AreaNote[] {
  const graph = roomGraph(areas);
  const doors = areas.filter(({ kind }) => kind === 'door');
  const behind = doors.map((door): AreaNote => {
    const inside = graph.behind(door);
    return inside === 'outside'
      ? { key: 'behindOutside', door: door.id }
      : { key: 'behindInside', door: door.id, area: inside };
  });
  const whole = doors.filter(({ zone }) => zone.length === 0);
  const open = cameras.filter((camera) => !graph.hasDoor(camera));
  const reached = reachedFrom(doors, areas);
  const lost = areas.filter(({ id }) => !reached.has(id));
  return [
    ...behind,
    ...whole.map(({ id, camera }): AreaNote => ({ key: 'wholeDoor', door: id, camera })),
    ...open.map((camera): AreaNote => ({ key: 'noDoor', camera })),
    ...areas.flatMap(({ id, to }): AreaNote[] =>
      areas.length > 1 && to.length === 0 ? [{ key: 'alone', area: id }] : [],
    ),
    ...(doors.length > 0
      ? lost.filter(({ to }) => to.length > 0).map(({ id }): AreaNote => ({ key: 'unreached', area: id }))
      : []),
  ];
}

function reachedFrom(doors: readonly EditedArea[], areas: readonly EditedArea[]): Set<string> {
  const reached = new Set(doors.map(({ id }) => id));
  for (const id of reached) for (const next of areas.find((area) => area.id === id)?.to ?? []) reached.add(next);
  return reached;
}

/** How many boxes stand in each area of a camera; the rest under the empty id. */
export function countIn(areas: readonly EditedArea[], camera: string, boxes: readonly Box[]): Map<string, number> {
  const graph = roomGraph(areas);
  const counts = new Map<string, number>();
  for (const box of boxes) {
    const id = graph.placeOf(camera, box)?.id ?? '';
    counts.set(id, (counts.get(id) ?? 0) + 1);
  }
  return counts;
}

/** An area in the drawing of the graph, in units of one column and one row. */
export interface GraphNode {
  id: string;
  kind: AreaKind | 'outside';
  column: number;
  row: number;
}
interface GraphDrawing {
  nodes: GraphNode[];
  edges: Array<{ from: GraphNode; to: GraphNode }>;
  columns: number;
  rows: number;
}

/** Lays the graph out in columns by how many areas lie between one and the outside; what nothing leads to comes last. */
export function drawingOf(areas: readonly EditedArea[]): GraphDrawing {
  const graph = roomGraph(areas);
  const exits = areas.filter((area) => area.kind === 'door' && graph.behind(area) === 'outside');
  const depth = new Map(exits.map(({ id }) => [id, 1]));
  for (const [id, at] of depth) {
    for (const next of areas.find((area) => area.id === id)?.to ?? []) if (!depth.has(next)) depth.set(next, at + 1);
  }
  const last = Math.max(0, ...depth.values()) + 1;
  const rows: number[] = [];
  const place = (id: string, kind: GraphNode['kind'], column: number): GraphNode => {
    rows[column] = (rows[column] ?? 0) + 1;
    return { id, kind, column, row: rows[column] - 1 };
  };
  const outside = exits.length > 0 ? [place('outside', 'outside', 0)] : [];
  const nodes = [...outside, ...areas.map(({ id, kind }) => place(id, kind, depth.get(id) ?? last))];
  const nodeOf = (id: string): GraphNode | undefined => nodes.find((node) => node.id === id);
  const edges = areas.flatMap((area, i) =>
    area.to
      .filter((id) => areas.findIndex((other) => other.id === id) > i)
      .flatMap((id) => {
        const [from, to] = [nodeOf(area.id), nodeOf(id)];
        return from && to ? [{ from, to }] : [];
      }),
  );
  const ways = exits.flatMap(({ id }) => {
    const to = nodeOf(id);
    return outside[0] && to ? [{ from: outside[0], to }] : [];
  });
  const columns = Math.max(0, ...nodes.map(({ column }) => column)) + 1;
  return { nodes, edges: [...ways, ...edges], columns, rows: Math.max(1, ...rows.map((count) => count ?? 0)) };
}
