import type { AnswerOf } from '../../../src/board/api/contract.js';
import { t } from '../i18n.js';
import { COLOURS, TOOLTIP } from './echarts.js';
import { percent } from './text.js';

type Figures = AnswerOf<'getMonth'>['figures'];

const axis = { axisLine: { lineStyle: { color: COLOURS.line } }, axisLabel: { color: COLOURS.ink, fontSize: 11 } };

/** Presence and coverage by day, with the confirmed alerts as bars. Days on which nobody had to be there are left empty. */
export function trendOption({ trend }: Figures) {
  const days = trend.map(({ day }) => day.slice(5));
  return {
    grid: { left: 46, right: 40, top: 34, bottom: 26 },
    tooltip: { ...TOOLTIP, trigger: 'axis' },
    legend: { top: 0, textStyle: { color: COLOURS.ink } },
    xAxis: { type: 'category', data: days, ...axis },
    yAxis: [
      {
        type: 'value',
        min: (range: { min: number }) => Math.floor(Math.min(90, range.min) / 10) * 10,
        max: 100,
        ...axis,
        axisLabel: { ...axis.axisLabel, formatter: '{value}%' },
      },
      {
        ...{ type: 'value', minInterval: 1, splitLine: { show: false }, ...axis },
        // The bars keep to the lower third: they must not hide the lines.
        max: (range: { max: number }) => Math.max(3, range.max * 3),
      },
    ],
    series: [
      line(
        t('reports.presence'),
        COLOURS.blue,
        trend.map((d) => (d.observedS > 0 && (d.coverage ?? 0) >= 0.9 ? hundred(d.presentS / d.observedS) : null)),
      ),
      {
        ...line(
          t('reports.coverage'),
          COLOURS.grey,
          trend.map((d) => (d.coverage === null ? null : hundred(d.coverage))),
        ),
        lineStyle: { type: 'dashed' },
      },
      {
        name: t('reports.confirmed'),
        type: 'bar',
        yAxisIndex: 1,
        z: 1,
        barMaxWidth: 14,
        color: COLOURS.amber,
        data: trend.map((d) => d.confirmed),
      },
    ],
  };
}

const hundred = (share: number): number => Math.round(share * 1000) / 10;
const line = (name: string, color: string, data: Array<number | null>) => ({
  ...{ name, type: 'line', color, data, symbolSize: 5, showAllSymbol: true, connectNulls: false, z: 3 },
  tooltip: { valueFormatter: (value: number | null) => (value === null ? '–' : `${value}%`) },
});

/** Windows with confirmed absence, most first, by hour of the day. Hours without a look are left out, never shown as good. */
export function heatOf({ heat, windows }: Figures) {
  const sum = (list: readonly number[]): number => list.reduce((total, one) => total + one, 0);
  const rows = heat
    .filter(({ unexcusedS }) => sum(unexcusedS) > 0)
    .sort((a, b) => sum(a.unexcusedS) - sum(b.unexcusedS))
    .slice(-24);
  const hours = Array.from({ length: 24 }, (_, hour) => hour).filter((hour) =>
    heat.some((row) => (row.scheduledS[hour] ?? 0) > 0),
  );
  const cells = rows.flatMap((row, y) =>
    hours.flatMap((hour, x) => {
      const seen = row.observedS[hour] ?? 0;
      const due = row.scheduledS[hour] ?? 0;
      return due > 0 && seen / due >= 0.9 ? [[x, y, hundred((row.unexcusedS[hour] ?? 0) / seen)]] : [];
    }),
  );
  const names = rows.map((row) => windows.find(({ key }) => key === row.window)?.name ?? row.window);
  return { rows, hours, names, cells };
}

export function heatOption(heat: ReturnType<typeof heatOf>) {
  const most = Math.max(1, ...heat.cells.map((cell) => cell[2] ?? 0));
  return {
    grid: { left: 110, right: 16, top: 8, bottom: 64 },
    tooltip: {
      ...TOOLTIP,
      formatter: ({ data: [x, y, value] }: { data: [number, number, number] }) =>
        `${heat.names[y]} ${heat.hours[x]}:00  ${value}%`,
    },
    xAxis: { type: 'category', data: heat.hours.map((hour) => `${hour}:00`), ...axis },
    yAxis: {
      type: 'category',
      data: heat.names,
      ...axis,
      axisLabel: { ...axis.axisLabel, width: 96, overflow: 'truncate' },
    },
    visualMap: {
      ...{ min: 0, max: most, calculable: false, orient: 'horizontal', left: 'center', bottom: 0, itemHeight: 120 },
      ...{
        inRange: { color: ['#eef3f7', '#f7c873', COLOURS.red] },
        textStyle: { color: COLOURS.ink },
        text: [`${most}%`, '0'],
      },
    },
    series: [{ type: 'heatmap', data: heat.cells, itemStyle: { borderColor: '#fff', borderWidth: 1 } }],
  };
}

/** How long people took, by step. */
export function handlingOption({ hall }: Figures) {
  const steps = [
    t('reports.upTo10m'),
    t('reports.upTo30m'),
    t('reports.upTo1h'),
    t('reports.upTo4h'),
    t('reports.upTo1d'),
    t('reports.upTo3d'),
    t('reports.longer'),
  ];
  return {
    grid: { left: 40, right: 12, top: 28, bottom: 26 },
    tooltip: { ...TOOLTIP, trigger: 'axis' },
    xAxis: { type: 'category', data: steps, ...axis },
    yAxis: { type: 'value', minInterval: 1, ...axis },
    series: [
      {
        ...{ type: 'bar', color: COLOURS.blue, barMaxWidth: 36, data: hall.incidents.handling.histogram },
        label: { show: true, position: 'top', color: COLOURS.ink },
      },
    ],
  };
}

/** Clean-day rates of those who are ranked, best first, with their intervals in the tooltip. */
export function rankingOption(places: Figures['ranking']['windows']) {
  const ranked = places.filter(({ place }) => place !== null);
  const cut = ranked.length > 20;
  const shown = (cut ? [...ranked.slice(0, 10), ...ranked.slice(-10)] : ranked).reverse();
  return {
    shown,
    cut,
    option: {
      grid: { left: 110, right: 48, top: 6, bottom: 24 },
      tooltip: {
        ...TOOLTIP,
        formatter: ({ dataIndex }: { dataIndex: number }) => {
          const { name, rate } = shown[dataIndex]!;
          return `${name}  ${percent(rate.value)}\n${t('reports.interval', { low: percent(rate.low), high: percent(rate.high) })}`;
        },
      },
      xAxis: { type: 'value', max: 100, ...axis, axisLabel: { ...axis.axisLabel, formatter: '{value}%' } },
      yAxis: {
        type: 'category',
        data: shown.map(({ name }) => name),
        ...axis,
        axisLabel: { ...axis.axisLabel, width: 96, overflow: 'truncate' },
      },
      series: [
        {
          ...{
            type: 'bar',
            barMaxWidth: 14,
            color: COLOURS.blue,
            data: shown.map(({ rate }) => hundred(rate.value ?? 0)),
          },
          label: { show: true, position: 'right', color: COLOURS.ink, fontSize: 11, formatter: '{c}%' },
        },
      ],
    },
  };
}
