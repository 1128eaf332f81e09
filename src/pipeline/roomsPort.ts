import type { EvaluationEntry } from '../alerts/ledger/evaluationEntries.js';
import type { Ledger } from '../alerts/ledger/openLedger.js';
import type { RoomSession, RoomsPort, RosterEntry, RoomEntry as ShownEntry } from '../board/roomPorts.js';
import type { EvaluationSession, RosterPerson } from '../core/evaluation.js';
import type { RoomId } from '../core/ids.js';
import type { LiveHub, SealedLive } from '../core/live.js';
import type { RoomEntry } from '../core/roomEntry.js';
import { type EventMs, eventMs, plusMs } from '../core/time.js';

export interface RoomsPortDeps {
  ledger: Pick<Ledger, 'evaluations' | 'evaluationEntries' | 'roomEntries'>;
  live: Pick<LiveHub, 'snapshot'>;
  /** The hall's present, where nothing was seen yet. */
  now: () => EventMs;
}

/** A plan that begins within this long is the room's next session. */
const SOON_MS = 12 * 3_600_000;
/** Without a session the comings and goings of this long are shown. */
const DAY_MS = 86_400_000;

/** What the board asks of a room's evaluation: the session now or next, who of its roster is here, who came and went. */
export function roomsPort({
  ledger,
  live,
  now,
}: RoomsPortDeps): Required<Pick<RoomsPort, 'session' | 'roster' | 'entries'>> {
  const present = (): EventMs => {
    const { at } = live.snapshot();
    return at > 0 ? at : now();
  };
  const sessionIn = (room: RoomId): EvaluationSession | undefined => {
    const at = present();
    const pending = ledger.evaluations.pendingIn(room);
    // An open one counts from its opening on, though the newest picture may be a little older.
    const open = pending.find(({ state }) => state === 'open');
    const next = pending.find(({ plannedEnd, plannedStart }) => plannedEnd > at && plannedStart < at + SOON_MS);
    return open ?? next;
  };

  return {
    session: (room) => viewOf(sessionIn(room), room),
    roster(room) {
      const session = sessionIn(room);
      const sealed = live.snapshot().rooms.find(({ id }) => id === room)?.sealed;
      const entries = session ? ledger.evaluationEntries.of(session.id) : [];
      return (session?.roster ?? [])
        .filter((person) => isOf(person, room))
        .map((person) => rosterEntry(person, { session: session!, sealed, entries }));
    },
    entries(room) {
      const session = sessionIn(room);
      const from = session?.openedAt ?? plusMs(present(), -DAY_MS);
      const seen = ledger.roomEntries.of(room, from, eventMs(Number.MAX_SAFE_INTEGER)).map(seenEntry);
      const nameOf = (id: string): string => session?.roster.find((person) => person.id === id)?.name ?? id;
      const letIn = (session ? ledger.evaluationEntries.of(session.id) : []).filter((entry) => entry.room === room);
      return [...seen, ...letIn.flatMap((entry) => registered(entry, nameOf(entry.person)))].sort(
        (a, b) => b.at - a.at,
      );
    },
  };
}

const isOf = ({ rooms }: RosterPerson, room: RoomId): boolean => rooms.length === 0 || rooms.includes(room);

function viewOf(session: EvaluationSession | undefined, room: RoomId): RoomSession | null {
  if (!session) return null;
  const { id, project, projectName, state, openedAt, plannedStart, closedAt } = session;
  const people = session.roster.filter((person) => person.role === 'expert' && isOf(person, room)).length;
  return { id, project, projectName, state, people, start: openedAt ?? plannedStart, end: closedAt ?? null };
}

interface Around {
  session: EvaluationSession;
  sealed: SealedLive | undefined;
  entries: readonly EvaluationEntry[];
}

/** Only a face that was recognised says that somebody is here; an expert nobody recognised is unknown, not absent. */
function rosterEntry(person: RosterPerson, { session, sealed, entries }: Around): RosterEntry {
  const { id, name, role, category, batch } = person;
  const base = { id, person: name, role, category, batch };
  if (role === 'exempt') {
    const last = entries.findLast((entry) => entry.person === id);
    return { ...base, present: last !== undefined && last.leftAt === undefined, lastSeenAt: last?.leftAt ?? null };
  }
  const inside = sealed?.evaluation === session.id ? sealed.inside.find((one) => one.person === id) : undefined;
  return { ...base, present: inside ? true : 'unknown', lastSeenAt: inside?.since ?? null };
}

const seenEntry = ({ at, kind, name, outcome }: RoomEntry): ShownEntry => ({ at, kind, person: name, outcome });

function registered({ enteredAt, leftAt, escort, reason }: EvaluationEntry, person: string): ShownEntry[] {
  const facts = { person, outcome: 'exempt', escort, reason };
  const entered: ShownEntry = { at: enteredAt, kind: 'enter', ...facts };
  return leftAt === undefined ? [entered] : [entered, { at: leftAt, kind: 'leave', ...facts }];
}
