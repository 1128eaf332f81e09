import { type Box, boxCentre, boxHeight, boxWidth } from '../../core/geometry.js';

/** How far a hand reaches beyond a person's box, as a share of its width and height. */
const REACH = 0.15;
/** A telephone larger than this share of the person's box is something else (a monitor, a folder). */
const LARGEST = 0.35;

/**
 * The telephones that are near a person: in a hand or at the ear. One that lies on a table alone is not in use; one right
 * beside a seated person cannot be told from one in the hand, which is why the alert names a picture and a person decides.
 */
export function phonesInUse(phones: readonly Box[], persons: readonly Box[]): Box[] {
  return phones.filter((phone) => persons.some((person) => isNear(phone, person)));
}

function isNear(phone: Box, person: Box): boolean {
  const [x, y] = boxCentre(phone);
  const [dx, dy] = [boxWidth(person) * REACH, boxHeight(person) * REACH];
  const inside = x > person[0] - dx && x < person[2] + dx && y > person[1] - dy && y < person[3] + dy;
  return (
    inside && Math.max(boxWidth(phone), boxHeight(phone)) < Math.max(boxWidth(person), boxHeight(person)) * LARGEST
  );
}
