import type { AnswerOf } from '../../../src/board/api/contract.js';

type Report = AnswerOf<'getMonth'>;
type Figures = Report['figures'];
type Group = Figures['departments'][number];
const HOUR = 3600;

const rate = (part: number, whole: number, coverage: number): Group['clean'] => {
  const withheld = coverage < 0.9 ? ('coverage' as const) : null;
  const value = withheld ? null : part / whole;
  return {
    ...{ part, whole, coverage, withheld, value },
    low: value === null ? null : Math.max(0, value - 0.12),
    high: value === null ? null : Math.min(1, value + 0.06),
  };
};

function group(key: string, name: string, n: number): Group {
  const coverage = n % 11 === 7 ? 0.84 : 0.97 + (n % 3) / 100;
  const scheduledS = 117 * HOUR;
  const observedS = scheduledS * coverage;
  const absentS = observedS * (0.01 + (n % 7) / 400);
  const unexcusedS = absentS * 0.5;
  const share = (value: number) =>
    coverage < 0.9 ? { value: null, coverage, withheld: 'coverage' as const } : { value, coverage, withheld: null };
  const confirmed = n % 5;
  const counts = { confirmed, excused: n % 3, falseAlarm: n % 2, cannotTell: 0, pending: n % 4 === 0 ? 1 : 0 };
  return {
    ...{ key, name, windows: 1, days: { clean: 18 - confirmed, unclean: confirmed, undecided: 0 } },
    clean: rate(18 - confirmed, 18, coverage),
    time: {
      ...{ scheduledS, observedS, presentS: observedS - absentS, absentS, excusedS: absentS * 0.2, unexcusedS },
      ...{ uncountedS: absentS * 0.3, unknownS: scheduledS - observedS, exemptS: 600 * HOUR, coverage },
      ...{ presence: share(1 - absentS / observedS), unexcused: share(unexcusedS / observedS) },
    },
    incidents: {
      counts,
      byRule: [
        { rule: 'absence', tier: 0, ...counts },
        { rule: 'desk', tier: 0, confirmed: 1, excused: 0, falseAlarm: 1, cannotTell: 1, pending: 0 },
      ],
      appeals: { filed: 3, open: 1, upheld: 1, overturned: 1, corrected: 0 },
      falseAlarmRate: rate(2, 14, coverage),
      appealRate: rate(3, 14, coverage),
      overturnRate: rate(1, 2, coverage),
      handling: { finished: 61, unfinished: 4, medianS: 2400, p90S: 9000, histogram: [4, 17, 18, 14, 6, 2, 0] },
    },
  };
}

const DEPARTMENTS = ['不动产登记', '社会保险', '市场监管', '公安出入境', '税务'];

/** A month as the board would answer it: 40 windows, one of them seen too little. */
export function reportAnswer(month: string): Report {
  const windows = Array.from({ length: 40 }, (_, n) => {
    const key = `A${String(n + 1).padStart(2, '0')}`;
    return {
      ...group(key, `${key} 综合窗口`, n),
      department: DEPARTMENTS[n % 5]!,
      area: '一楼',
      watchedFrom: `${month}-01T00:00:00.000Z`,
    };
  });
  const departments = DEPARTMENTS.map((name, n) => group(name, name, n + 1));
  const places = (groups: Group[]): Figures['ranking']['windows'] => {
    const ranked = groups.filter(({ clean }) => clean.value !== null).sort((a, b) => b.clean.value! - a.clean.value!);
    const rest = groups.filter(({ clean }) => clean.value === null);
    return [...ranked, ...rest].map(({ key, name, clean, time }) => ({
      ...{ key, name, rate: clean, coverage: time.coverage, exposureS: time.observedS },
      place: clean.value === null ? null : ranked.filter((other) => other.clean.value! > clean.value!).length + 1,
      unranked: clean.value === null ? ('coverage' as const) : null,
      likeBest: (clean.value ?? 0) > 0.9,
    }));
  };
  const trend = Array.from({ length: 31 }, (_, i) => {
    const works = i > 6 && ![10, 17, 18, 24, 25, 30].includes(i);
    const scheduledS = works ? 260 * HOUR : 0;
    const coverage = works ? 0.95 + (i % 5) / 100 : null;
    const observedS = scheduledS * (coverage ?? 0);
    return {
      ...{
        day: `${month}-${String(i + 1).padStart(2, '0')}`,
        scheduledS,
        observedS,
        presentS: observedS * (0.96 + (i % 4) / 100),
      },
      ...{ unexcusedS: works ? 1800 : 0, coverage, confirmed: works ? i % 6 : 0 },
    };
  });
  const heat = windows.map(({ key }, n) => {
    const by = (value: (hour: number) => number) =>
      Array.from({ length: 24 }, (_, hour) =>
        (hour >= 9 && hour < 12) || (hour >= 13 && hour < 17) ? value(hour) : 0,
      );
    return {
      window: key,
      scheduledS: by(() => 18 * HOUR),
      observedS: by(() => 17.5 * HOUR),
      unexcusedS: by((hour) => (n % 5 ? ((n * hour) % 9) * 240 : 0)),
    };
  });
  const compared = ({ key, time, clean, incidents }: Group) => ({
    ...{ key, presence: time.presence, unexcused: time.unexcused, clean },
    ...{ confirmed: incidents.counts.confirmed + 2, unexcusedS: time.unexcusedS * 1.2, medianS: 2700 },
  });
  const hall = { ...group('haishu', '海曙区政务服务中心', 3), windows: 40 };
  const figures: Figures = {
    ...{
      month,
      from: `${month}-01T00:00:00.000Z`,
      to: `${month}-31T00:00:00.000Z`,
      until: `${month}-31T00:00:00.000Z`,
    },
    ...{ complete: true, days: 31, workingDays: 18, calendarKnown: true, hall, windows, departments },
    ...{ areas: [group('一楼', '一楼', 2)], persons: [group('u5', '张三', 4), group('u6', '李四', 5)] },
    ranking: { windows: places(windows), departments: places(departments) },
    rooms: {
      incidents: {
        ...hall.incidents,
        byRule: [{ rule: 'sealedRoom', tier: 0, confirmed: 1, excused: 0, falseAlarm: 0, cannotTell: 0, pending: 1 }],
      },
      sessions: 2,
    },
    evaluations: [1, 2].map((n) => ({
      ...{
        evaluation: `E${n}`,
        project: `P${n}`,
        projectName: `第${n}标段施工评标`,
        state: 'closed' as const,
        room: `R${n}`,
        roomName: `第${n}评标室`,
      },
      ...{
        start: `${month}-12T01:00:00.000Z`,
        end: `${month}-12T05:00:00.000Z`,
        experts: 7,
        scheduledS: 4 * HOUR,
        observedS: 3.9 * HOUR,
      },
      ...{
        occupiedS: 3.7 * HOUR,
        emptyS: 0.2 * HOUR,
        unknownS: 0.1 * HOUR,
        coverage: 0.975,
        incidents: hall.incidents,
      },
    })),
    ...{ trend, heat },
  };
  return {
    ...{ figures, hash: 'b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9' },
    frozen: { at: '2026-11-03T02:00:00.000Z', by: '赵经理' },
    corrections: {
      list: [
        {
          ...{
            incident: 'absence-a03000000000000',
            subject: 'A03',
            subjectName: 'A03 综合窗口',
            rule: 'absence',
            tier: 0,
          },
          ...{
            start: `${month}-09T02:00:00.000Z`,
            at: '2026-11-05T02:00:00.000Z',
            by: '王督导',
            from: 'confirmed',
            to: 'false-alarm',
          },
        },
      ],
      figures: [
        { key: 'haishu', name: '海曙区政务服务中心', figure: 'confirmed', frozen: 74, corrected: 73 },
        { key: 'haishu', name: '海曙区政务服务中心', figure: 'falseAlarm', frozen: 19, corrected: 20 },
        { key: 'haishu', name: '海曙区政务服务中心', figure: 'unexcusedS', frozen: 148_320, corrected: 146_520 },
        { key: 'A03', name: 'A03 综合窗口', figure: 'confirmed', frozen: 3, corrected: 2 },
      ],
    },
    previous: { month: '2026-09', frozen: true, hall: compared(hall), departments: [] },
    yearBefore: null,
    summary: [
      {
        text: '10月共31天，工作日18天；40个窗口应在岗4680.0小时，其中看清4570.2小时，覆盖率97.7%。',
        figures: [{ path: 'days', value: 31 }],
      },
      {
        text: '看清的时间里，窗口有人在岗的占98.1%，比上月上升0.3个百分点。',
        figures: [{ path: 'hall.time.presence.value', value: 0.981 }],
      },
      {
        text: '经人核定属实的窗口告警74起，无故离岗合计41.2小时。',
        figures: [{ path: 'hall.incidents.counts.confirmed', value: 74 }],
      },
      {
        text: '另有有正当理由31起、误报19起、无法判断6起、尚未核定10起，均不对个人计入。',
        figures: [{ path: 'hall.incidents.counts.excused', value: 31 }],
      },
      {
        text: '全厅计入702个窗口日，合格640个，合格率91.2%（95%区间88.9%至93.0%）。',
        figures: [{ path: 'hall.clean.value', value: 0.912 }],
      },
      {
        text: '4个窗口不参加排名：覆盖不足4个，天数不足0个，时长不等0个。',
        figures: [{ path: 'ranking.windows.unranked=coverage', value: 4 }],
      },
      { text: '本月封存后更正1项，见“封存后更正”。', figures: [{ path: 'corrections.list.length', value: 1 }] },
    ],
  };
}

/** What a member of staff is answered. */
export const myMonthAnswer = (month: string): AnswerOf<'getMyMonth'> => {
  const mine = group('u5', '张三', 4);
  return { month, complete: true, frozen: false, mine, hall: { presence: mine.time.presence, clean: mine.clean } };
};
