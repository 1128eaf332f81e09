import { countingPunch, judgePunch } from '../../alerts/evaluations/punch.js';
import type { SignInRecord } from '../../alerts/ledger/signIns.js';
import type { UserRecord } from '../../alerts/ledger/users.js';
import { addDays, dayOf, midnightOf } from '../../core/calendar/localDay.js';
import { personId, STAFF_LIST } from '../../core/evaluation.js';
import type { Language } from '../../core/i18n/translate.js';
import { translate } from '../../core/i18n/translate.js';
import type { EventMs } from '../../core/time.js';
import type { attendanceRoutes } from '../api/contract/attendance.js';
import type { AnswerOf } from '../api/contract.js';
import type { Hall } from '../hall/hall.js';
import { ApiError } from '../http/apiError.js';
import type { HandlersOf } from '../http/call.js';
import type { People } from '../incidents/people.js';
import type { AccountsLedger, AlertsLedger } from '../ledgerPort.js';
import type { ArrivalPhotoPort, FacesPort } from '../roomPorts.js';
import { bytesOf, wordOf } from './arrivals.js';
import { actorOf } from './leaves.js';

export interface AttendanceAreaDeps {
  ledger: Pick<AlertsLedger, 'signIns'> & Pick<AccountsLedger, 'users'>;
  hall: () => Hall;
  people: People;
  now: () => EventMs;
  faces: FacesPort | undefined;
  arrivalPhotos: ArrivalPhotoPort | undefined;
}

type PunchRecord = AnswerOf<'punchManually'>;

/** The daily punches of staff, where a hall wants them. Whoever is on it agreed to it: faces are never the only way. */
export function attendanceArea(deps: AttendanceAreaDeps): HandlersOf<typeof attendanceRoutes> {
  const { ledger, hall, now, faces, arrivalPhotos } = deps;
  const staff = (): UserRecord[] =>
    ledger.users.list().filter((user) => user.roles.includes('staff') && !user.disabled);
  const memberOf = (id: string): UserRecord => {
    const member = staff().find((user) => user.id === id);
    if (!hall().config.attendance.enabled || !member) throw new ApiError('not-found');
    return member;
  };
  const usable = (): FacesPort => {
    if (!faces?.enabled()) throw new ApiError('unavailable');
    return faces;
  };

  return {
    getAttendance: {
      handle({ query, language }) {
        const { attendance, site } = hall().config;
        const day = query.day ?? dayOf(now(), site.timeZone);
        const [from, to] = [midnightOf(day, site.timeZone), midnightOf(addDays(day, 1), site.timeZone)];
        const records = attendance.enabled ? ledger.signIns.within(STAFF_LIST, from, to) : [];
        const photos = faces?.photos(STAFF_LIST) ?? new Map();
        return {
          ...{ enabled: attendance.enabled, day, faces: faces ? (faces.enabled() ? 'on' : 'off') : 'unavailable' },
          punches: attendance.punches.map(({ id, name, at }) => ({ id, name, at })),
          rows: (attendance.enabled ? staff() : []).map((user) => ({
            ...{ person: user.id, name: user.displayName, unit: user.unit },
            photos: photos.get(personId(user.id))?.length ?? 0,
            punches: attendance.punches.map((punch) => {
              const record = countingPunch(
                records.filter(({ person }) => person === user.id),
                punch,
              );
              return record ? recordView(record, deps.people, language) : null;
            }),
          })),
        };
      },
    },
    enrolStaffFace: {
      async handle(call) {
        const person = personId(memberOf(call.params.id).id);
        const target = { list: STAFF_LIST, person, by: actorOf(call) };
        const { verdict, used } = await usable().enrol(target, bytesOf(call.body.photo), call.signal);
        const photos = usable().photos(STAFF_LIST).get(person)?.length ?? 0;
        return { verdict, used, photos, message: wordOf(verdict, call.language) };
      },
    },
    forgetStaffFace: {
      handle: ({ params }) => ({ removed: usable().forget(STAFF_LIST, personId(memberOf(params.id).id)) }),
    },
    punchManually: {
      async handle(call) {
        if (!arrivalPhotos) throw new ApiError('unavailable');
        const person = personId(memberOf(call.params.id).id);
        const { attendance, site } = hall().config;
        const at = now();
        const judged = judgePunch(at, attendance.punches, site.timeZone);
        if (!judged) throw outside(call.language);
        const photo = await arrivalPhotos.save(STAFF_LIST, bytesOf(call.body.photo));
        const facts = { list: STAFF_LIST, person, at, way: 'manual', by: actorOf(call), note: call.body.note } as const;
        const record = ledger.signIns.add({ ...facts, ...judged, duplicate: false, photo });
        return recordView(record, deps.people, call.language);
      },
    },
  };
}

const outside = (language: Language): ApiError =>
  new ApiError('not-allowed-now', { fields: [{ path: '', message: translate(language, 'evaluation.punch.outside') }] });

const recordView = (
  { id, at, way, verdict, offMs, by, note }: SignInRecord,
  people: People,
  language: Language,
): PunchRecord => ({
  ...{ id: String(id), at, way, verdict, offMs, note },
  by: people(by, language),
});
