import type { LeaveRecord } from '../../alerts/ledger/leaves.js';
import { calendarWarnings } from '../../core/calendar/holidays.js';
import type { Language } from '../../core/i18n/translate.js';
import { type EventMs, eventMs } from '../../core/time.js';
import type { dutyRoutes } from '../api/contract/duty.js';
import type { AnswerOf } from '../api/contract.js';
import type { ConfigFile } from '../configEdit/configFile.js';
import type { Post, Posts } from '../duty/posts.js';
import { OPEN_END, type StandbyRegister } from '../duty/standby.js';
import type { Hall } from '../hall/hall.js';
import { ApiError } from '../http/apiError.js';
import type { HandlersOf } from '../http/call.js';
import type { People } from '../incidents/people.js';
import type { AccountsLedger } from '../ledgerPort.js';
import type { DutyChanged } from '../ports.js';
import { actorOf } from './leaves.js';

export interface DutyAreaDeps {
  ledger: Pick<AccountsLedger, 'users'>;
  hall: () => Hall;
  posts: Posts;
  standby: StandbyRegister;
  configFile: ConfigFile;
  people: People;
  /** The hall's present. */
  now: () => EventMs;
  dutyChanged: DutyChanged;
}

type StandbyRoutes = Pick<typeof dutyRoutes, 'listStandby' | 'startStandby' | 'endStandby'>;
type PostRoutes = Pick<typeof dutyRoutes, 'listPosts' | 'addPost' | 'endPost'>;
type PlanRoutes = Pick<
  typeof dutyRoutes,
  'listShifts' | 'putShift' | 'getCalendar' | 'putCalendarDay' | 'deleteCalendarDay'
>;

/** Who should be where: standby, posts, shifts, calendar. */
export const dutyArea = (deps: DutyAreaDeps): HandlersOf<StandbyRoutes & PostRoutes & PlanRoutes> => ({
  ...standbyHandlers(deps),
  ...postHandlers(deps),
  ...planHandlers(deps),
});

function standbyHandlers(deps: DutyAreaDeps): HandlersOf<StandbyRoutes> {
  const { standby, now, dutyChanged } = deps;
  const view = (record: LeaveRecord, language: Language): AnswerOf<'startStandby'> => ({
    id: String(record.id),
    window: record.subject ?? '',
    windowName: deps.hall().subject(record.subject ?? '').name,
    from: record.from,
    to: record.to >= OPEN_END ? null : record.to,
    note: record.note,
    by: deps.people(record.by, language),
  });
  return {
    listStandby: {
      handle: ({ language }) => ({ items: standby.list(now()).map((record) => view(record, language)) }),
    },
    startStandby: {
      handle(call) {
        const { window, from = now(), to, note } = call.body;
        knownWindow(deps.hall(), window);
        if (to !== undefined && to <= from) {
          throw new ApiError('bad-input', { fields: [{ path: 'to', message: 'to <= from' }] });
        }
        const end = to === undefined ? undefined : eventMs(to);
        const record = standby.start({ window, from: eventMs(from), to: end, note, by: actorOf(call) });
        dutyChanged();
        return view(record, call.language);
      },
    },
    endStandby: {
      handle(call) {
        const { id } = call.params;
        if (!/^\d{1,9}$/.test(id) || !standby.end(Number(id), now(), actorOf(call))) throw new ApiError('not-found');
        dutyChanged();
        return { ok: true };
      },
    },
  };
}

function postHandlers({ posts, hall, people, ledger, now }: DutyAreaDeps): HandlersOf<PostRoutes> {
  const view = (post: Post, language: Language): AnswerOf<'addPost'> => ({
    id: post.id,
    user: people(post.user, language),
    window: post.window,
    windowName: hall().subject(post.window).name,
    from: post.from,
    to: post.to,
  });
  return {
    listPosts: {
      handle: ({ query: { window, user }, language }) => ({
        items: posts
          .all()
          .filter(
            (post) => (window === undefined || post.window === window) && (user === undefined || post.user === user),
          )
          .map((post) => view(post, language)),
      }),
    },
    addPost: {
      handle({ body, language }) {
        knownWindow(hall(), body.window);
        if (!ledger.users.get(body.user)) throw new ApiError('not-found');
        if (body.to !== null && body.to <= body.from) {
          throw new ApiError('bad-input', { fields: [{ path: 'to', message: 'to <= from' }] });
        }
        return view(posts.add(body), language);
      },
    },
    endPost: {
      handle({ params }) {
        if (!posts.end(params.id, now())) throw new ApiError('not-found');
        return { ok: true };
      },
    },
  };
}

function planHandlers({ hall, configFile }: DutyAreaDeps): HandlersOf<PlanRoutes> {
  return {
    listShifts: {
      handle() {
        const { schedules, windows } = hall().config;
        return {
          schedules: Object.entries(schedules).map(([id, { days, shifts }]) => ({ id, days, shifts })),
          windows: windows.map(({ id, name, hours, lunch, standby }) => {
            return { window: id, name: name ?? id, hours, lunch, standby };
          }),
          etag: configFile.etag(),
        };
      },
    },
    putShift: {
      handle({ params, body: { hours, lunch, etag } }) {
        const effect = configFile.edit(etag, (written) => {
          const index = written.indexOf('windows', params.id);
          return [
            { path: ['windows', index, 'hours'], value: hours },
            { path: ['windows', index, 'lunch'], value: lunch },
          ];
        });
        return { effect, etag: configFile.etag() };
      },
    },
    getCalendar: {
      handle({ query: { year } }) {
        const { calendar } = hall().config;
        return {
          holidays: calendar.holidays,
          overlay: calendar.overlay
            .filter(({ date }) => date.startsWith(`${year}-`))
            .map(({ date, open, shifts = [], note }) => ({ date, open, shifts, note })),
          warnings: calendarWarnings(calendar, year).map(({ code }) => code),
          etag: configFile.etag(),
        };
      },
    },
    putCalendarDay: {
      handle({ params: { date }, body: { open, shifts, note, etag } }) {
        const entry = { date, open, ...(shifts.length > 0 ? { shifts } : {}), ...(note === '' ? {} : { note }) };
        const effect = configFile.edit(etag, (written) => {
          const days = overlayDates(written.at(['calendar', 'overlay']));
          const known = days.indexOf(date);
          return [{ path: ['calendar', 'overlay', known < 0 ? days.length : known], value: entry }];
        });
        return { effect, etag: configFile.etag() };
      },
    },
    deleteCalendarDay: {
      handle({ params: { date }, body: { etag } }) {
        const effect = configFile.edit(etag, (written) => {
          const index = overlayDates(written.at(['calendar', 'overlay'])).indexOf(date);
          if (index < 0) throw new ApiError('not-found');
          return [{ path: ['calendar', 'overlay', index], value: undefined }];
        });
        return { effect, etag: configFile.etag() };
      },
    },
  };
}

const overlayDates = (written: unknown): unknown[] =>
  Array.isArray(written) ? written.map((entry: { date?: unknown }) => entry?.date) : [];

function knownWindow(hall: Hall, id: string): void {
  if (!hall.window(id)) throw new ApiError('not-found');
}
