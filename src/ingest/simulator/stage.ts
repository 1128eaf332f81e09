import {
  hallBackground,
  hallCounters,
  officeChair,
  ROOM_SEATS,
  roomBackground,
  roomTable,
  TABLE_TOP,
} from './art/furniture.js';
import { cup, handbag, papers } from './art/items.js';
import { type Look, seatedPerson, standingPerson } from './art/people.js';
import type { Drawing } from './art/svg.js';
import { bagPlace, citizenPose, clerkPose, cupPlace, doorPose, expertPose, papersPlace } from './layout.js';
import { gainAt, inLight, pushed } from './light.js';
import { scramble, withSensorNoise } from './noise.js';
import { during, type HallScene, loopOffset, type RoomScene, type Scene } from './script.js';
import { lay, PICTURE_HEIGHT, PICTURE_WIDTH, rasterise, type Sprite } from './sprite.js';

/** A scene ready to be painted. */
export interface Stage {
  scene: Scene;
  /**
   * The picture at `offsetMs` of the loop: PICTURE_HEIGHT * PICTURE_WIDTH * 3, row-major, R G B, 0-255. The same
   * instant gives the same bytes.
   */
  paint(offsetMs: number): Uint8Array;
}

/** Something of a scene that comes and goes: `variant` says which of its sprites is seen now, or none. */
interface Actor {
  sprites: Sprite[];
  variant(offsetMs: number): number | undefined;
}

const LEANS = [-0.4, 0, 0.4];
const COVERED_BY = { level: 24, slope: 10 };

/** Draws everything of a scene once. */
export async function openStage(scene: Scene): Promise<Stage> {
  const back = await backdrop(scene);
  const actors = scene.kind === 'hall' ? await hallActors(scene) : await roomActors(scene);
  const covered = coveredPicture();
  let last = { key: '', rgb: back };

  /** The clean picture; people keep a pose for some seconds, so the one before is often right again. */
  const clean = (offsetMs: number): Uint8Array => {
    const variants = actors.map((actor) => actor.variant(offsetMs));
    const key = variants.join();
    if (last.key === key) return last.rgb;
    const rgb = back.slice();
    actors.forEach((actor, i) => {
      const variant = variants[i];
      if (variant !== undefined) lay(rgb, actor.sprites[variant]!);
    });
    last = { key, rgb };
    return rgb;
  };

  return {
    scene,
    paint(sinceMs) {
      const offsetMs = loopOffset(scene, sinceMs);
      const picture = during(scene.covered, offsetMs) ? covered : clean(offsetMs);
      return withSensorNoise(asSeen(scene, picture, offsetMs), Math.floor(offsetMs / 1000));
    },
  };
}

/** The picture in the light of the instant, from where the camera stands. */
function asSeen(scene: Scene, picture: Uint8Array, offsetMs: number): Uint8Array {
  if (scene.kind !== 'hall') return picture;
  const gain = scene.light && gainAt(scene.light, offsetMs);
  const aside = scene.pushed && during(scene.pushed.spans, offsetMs) ? scene.pushed.pixels : 0;
  const lit = gain ? inLight(picture, gain) : picture;
  return aside === 0 ? lit : pushed(lit, aside);
}

async function backdrop(scene: Scene): Promise<Uint8Array> {
  const drawings: Drawing[] =
    scene.kind === 'hall'
      ? [
          hallBackground(scene.windows.map((window) => window.id)),
          ...scene.windows.map((_, slot) => officeChair(clerkPose(slot, 0).x, clerkPose(slot, 0).y)),
        ]
      : [roomBackground(), ...ROOM_SEATS.map((x) => officeChair(x, TABLE_TOP + 8))];
  const rgb = new Uint8Array(PICTURE_HEIGHT * PICTURE_WIDTH * 3);
  for (const drawing of drawings) lay(rgb, await rasterise(drawing));
  return rgb;
}

/** Nobody sits still: the head leans a little every ten seconds or so, each person in a rhythm of their own. */
const leanAt = (person: number, offsetMs: number): number =>
  scramble(person, Math.floor(offsetMs / (9000 + person * 1000))) % LEANS.length;

async function person(
  draw: (lean: number) => Drawing,
  index: number,
  present: (ms: number) => boolean,
): Promise<Actor> {
  const sprites = await Promise.all(LEANS.map((lean) => rasterise(draw(lean))));
  return { sprites, variant: (ms) => (present(ms) ? leanAt(index, ms) : undefined) };
}

async function thing(drawing: Drawing, present: (ms: number) => boolean): Promise<Actor> {
  const sprites = [await rasterise(drawing)];
  return { sprites, variant: (ms) => (present(ms) ? 0 : undefined) };
}

const always = (): boolean => true;

/** From the back to the front: clerks, counters, things on them, citizens. */
function hallActors(scene: HallScene): Promise<Actor[]> {
  const slots = scene.windows.map((window, slot) => ({ window, slot }));
  const clerk = (look: Look, slot: number) => (lean: number) => seatedPerson(look, clerkPose(slot, lean));
  const citizen = (look: Look, slot: number) => (lean: number) => standingPerson(look, citizenPose(slot, lean));
  return Promise.all([
    ...slots.map(({ window, slot }) => person(clerk(window.clerk, slot), slot, (ms) => !during(window.away, ms))),
    thing(hallCounters(), always),
    ...slots.map(({ window, slot }) =>
      thing(papers(papersPlace(slot).x, papersPlace(slot).y), (ms) => during(window.papers ?? [], ms)),
    ),
    ...slots.map(({ window, slot }) =>
      thing(handbag(bagPlace(slot).x, bagPlace(slot).y), (ms) => during(window.bag, ms)),
    ),
    ...slots.map(({ window, slot }) =>
      thing(cup(cupPlace(slot, window.cupAside).x, cupPlace(slot, window.cupAside).y), (ms) => during(window.cup, ms)),
    ),
    ...slots.flatMap(({ window, slot }) =>
      window.citizens.map(({ look, spans }, i) =>
        person(citizen(look, slot), 3 + slot + 3 * i, (ms) => during(spans, ms)),
      ),
    ),
  ]);
}

/** From the back to the front: those who sit, the table, those who stand at the door. */
function roomActors(scene: RoomScene): Promise<Actor[]> {
  const indexed = scene.persons.map((who, index) => ({ who, index }));
  const seated = indexed.flatMap(({ who: { place, look, spans }, index }) =>
    place === 'door'
      ? []
      : [
          person(
            (lean) => seatedPerson(look, expertPose(place, lean)),
            index,
            (ms) => during(spans, ms),
          ),
        ],
  );
  const standing = indexed
    .filter(({ who }) => who.place === 'door')
    .map(({ who: { look, spans }, index }) =>
      person(
        (lean) => standingPerson(look, doorPose(lean)),
        index,
        (ms) => during(spans, ms),
      ),
    );
  return Promise.all([...seated, thing(roomTable(), always), ...standing]);
}

/** A cloth over the lens: dark, without an edge to hold on to. */
function coveredPicture(): Uint8Array {
  const rgb = new Uint8Array(PICTURE_HEIGHT * PICTURE_WIDTH * 3);
  for (let i = 0; i < rgb.length; i += 3) {
    const row = Math.floor(i / 3 / PICTURE_WIDTH) / PICTURE_HEIGHT;
    const level = COVERED_BY.level + COVERED_BY.slope * row;
    rgb[i] = level + 4;
    rgb[i + 1] = level;
    rgb[i + 2] = level - 4;
  }
  return rgb;
}
