import { describe, expect, it } from 'vitest';
import {
  bodyOf,
  countIn,
  drawingOf,
  type EditedArea,
  freeAreaId,
  isWarning,
  notesOf,
  planOf,
  toggleLink,
  withoutArea,
} from '../../web/src/areas/plan.js';

const area = (id: string, kind: EditedArea['kind'], changes: Partial<EditedArea> = {}): EditedArea => ({
  ...{ id, kind, camera: 'c1', zone: [], to: [] },
  ...changes,
});
const ZONE = [
  [0, 0.5],
  [0.2, 0.5],
  [0.2, 1],
  [0, 1],
] as const;
/** Outside - D1 - R1 - D2 - L1, the lounge in another camera's picture. */
const areas = [
  area('D1', 'door', { zone: ZONE, to: ['R1'] }),
  area('R1', 'room', { to: ['D1', 'D2'] }),
  area('D2', 'door', { zone: ZONE.map(([x, y]) => [x + 0.7, y] as const), to: ['R1', 'L1'] }),
  area('L1', 'lounge', { camera: 'c2', to: ['D2'] }),
];

describe('the areas of a sealed area in the editor', () => {
  it('says what each door leads to, where coming and going is presumed, and what nothing leads to', () => {
    const notes = notesOf(areas, ['c1', 'c2']);
    expect(notes).toEqual([
      { key: 'behindOutside', door: 'D1' },
      { key: 'behindInside', door: 'D2', area: 'L1' },
      { key: 'noDoor', camera: 'c2' },
    ]);
    expect(notes.some(isWarning)).toBe(false);
    const lost = [
      ...areas,
      area('L2', 'lounge'),
      area('C1', 'corridor', { to: ['L3'] }),
      area('L3', 'lounge', { to: ['C1'] }),
    ];
    expect(notesOf(lost, ['c1']).filter(isWarning)).toEqual([
      { key: 'alone', area: 'L2' },
      { key: 'unreached', area: 'C1' },
      { key: 'unreached', area: 'L3' },
    ]);
    expect(notesOf([area('D1', 'door')], ['c1']).filter(isWarning)).toEqual([
      { key: 'wholeDoor', door: 'D1', camera: 'c1' },
    ]);
  });

  it('counts people where the rules would put them', () => {
    const counts = countIn(areas, 'c1', [
      [0.05, 0.4, 0.15, 0.9],
      [0.4, 0.4, 0.5, 0.9],
      [0.45, 0.4, 0.55, 0.9],
    ]);
    expect([...counts]).toEqual([
      ['D1', 1],
      ['R1', 2],
    ]);
  });

  it('draws the way in from the left, and what cannot be reached at the right', () => {
    const { nodes, edges, columns } = drawingOf([...areas, area('L2', 'lounge')]);
    expect(nodes.map(({ id, column }) => [id, column])).toEqual([
      ['outside', 0],
      ['D1', 1],
      ['R1', 2],
      ['D2', 3],
      ['L1', 4],
      ['L2', 5],
    ]);
    expect(columns).toBe(6);
    expect(edges.map(({ from, to }) => `${from.id}-${to.id}`)).toEqual(['outside-D1', 'D1-R1', 'R1-D2', 'D2-L1']);
  });

  it('links both ways, forgets the ways to what is removed, and gives free ids', () => {
    const linked = toggleLink([area('D1', 'door'), area('R1', 'room')], 'D1', 'R1');
    expect(linked.map(({ to }) => to)).toEqual([['R1'], ['D1']]);
    expect(toggleLink(linked, 'R1', 'D1').map(({ to }) => to)).toEqual([[], []]);
    expect(withoutArea(linked, 'D1')).toEqual([area('R1', 'room')]);
    expect(freeAreaId(areas, 'door')).toBe('D3');
    expect(
      planOf({
        areas: [
          { ...area('D1', 'door', { to: ['R1'] }), zone: [] },
          { ...area('R1', 'room'), zone: [] },
        ],
      })[1]!.to,
    ).toEqual(['D1']);
    expect(bodyOf(areas).areas.map(({ id }) => id)).toEqual(['D1', 'R1', 'D2', 'L1']);
  });
});
