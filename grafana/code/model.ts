/** The data source every panel asks. Fixed, so that dashboards and provisioning find each other on every machine. */
export const DATASOURCE = { type: 'influxdb', uid: 'hallwatch-influx' } as const;

/** A query with the columns its answer must have: what the test holds a real server to. */
export interface Query {
  refId: string;
  /** InfluxQL with Grafana's variables in it. */
  query: string;
  /** Name of the series, as Grafana's alias. */
  alias?: string;
  format: 'time_series' | 'table';
  /** Columns of the answer besides `time`. */
  columns: readonly string[];
}

/** Where a panel stands on Grafana's grid of 24 columns. */
export interface GridPos {
  x: number;
  y: number;
  w: number;
  h: number;
}

export type PanelType = 'stat' | 'timeseries' | 'table' | 'bargauge' | 'heatmap';

export interface PanelSpec {
  title: string;
  /** What is shown, where it comes from, and how to read it. */
  description: string;
  type: PanelType;
  at: GridPos;
  /** Grafana's name of a unit: `short`, `percentunit`, `s`, `h`, `decmbytes`. */
  unit: string;
  queries: readonly Query[];
  min?: number;
  max?: number;
  /** Ascending; the first has no value. */
  thresholds?: ReadonlyArray<readonly [color: string, value: number | null]>;
  /** Reduces a series to one number. Default: the last value. */
  reduce?: 'lastNotNull' | 'sum' | 'mean' | 'max';
  stacked?: boolean;
  /** Grafana's transformations, in order. */
  transformations?: readonly unknown[];
  /** Columns with a unit of their own. */
  overrides?: ReadonlyArray<{ column: string; unit: string }>;
}

export interface DashboardSpec {
  uid: string;
  title: string;
  description: string;
  tags: readonly string[];
  /** Time span shown first, such as `now-24h`. */
  from: string;
  refresh: string;
  variables: readonly VariableName[];
  panels: readonly PanelSpec[];
}

export type VariableName = 'hall' | 'area' | 'department' | 'window' | 'room';

interface VariableSpec {
  label: string;
  /** InfluxQL that lists the values. */
  query: string;
}

const tagValues = (measurement: string, tag: string, where = ''): string =>
  `SHOW TAG VALUES FROM "${measurement}" WITH KEY = "${tag}"${where}`;

/** The variables of all dashboards; each narrows the ones after it. */
export const VARIABLES: Record<VariableName, VariableSpec> = {
  hall: { label: '大厅', query: tagValues('observation', 'site') },
  area: { label: '区域', query: tagValues('observation', 'area', ' WHERE "site" =~ /^$hall$/') },
  department: { label: '部门', query: tagValues('observation', 'department', ' WHERE "site" =~ /^$hall$/') },
  window: {
    label: '窗口',
    query: tagValues('observation', 'window', ' WHERE "site" =~ /^$hall$/ AND "department" =~ /^$department$/'),
  },
  room: { label: '评标室', query: tagValues('observation', 'room', ' WHERE "site" =~ /^$hall$/') },
};

function variable(name: VariableName): unknown {
  const { label, query } = VARIABLES[name];
  return {
    ...{ name, label, type: 'query', datasource: DATASOURCE, query, definition: query },
    // A point without the tag has the empty value, which `.*` matches: nothing is lost while all are chosen.
    ...{ includeAll: true, allValue: '.*', multi: true, refresh: 2, sort: 1, hide: 0, skipUrlSync: false, regex: '' },
    ...{ current: { selected: true, text: ['All'], value: ['$__all'] }, options: [] },
  };
}

const DEFAULT_THRESHOLDS: NonNullable<PanelSpec['thresholds']> = [['green', null]];

function panel(spec: PanelSpec, id: number): unknown {
  const { title, description, type, at, unit, queries, min, max, thresholds = DEFAULT_THRESHOLDS } = spec;
  return {
    ...{ id, title, description, type, datasource: DATASOURCE, gridPos: at, transparent: false },
    targets: queries.map(({ refId, query, alias, format }) => ({
      ...{ refId, datasource: DATASOURCE, query, rawQuery: true, resultFormat: format },
      ...(alias === undefined ? {} : { alias }),
    })),
    fieldConfig: {
      defaults: {
        unit,
        noValue: '无数据',
        ...(min === undefined ? {} : { min }),
        ...(max === undefined ? {} : { max }),
        color: { mode: type === 'timeseries' ? 'palette-classic' : 'thresholds' },
        thresholds: { mode: 'absolute', steps: thresholds.map(([color, value]) => ({ color, value })) },
        ...(type === 'timeseries' ? { custom: curve(spec) } : {}),
      },
      overrides: (spec.overrides ?? []).map(({ column, unit: own }) => ({
        matcher: { id: 'byName', options: column },
        properties: [{ id: 'unit', value: own }],
      })),
    },
    options: optionsOf(spec),
    ...(spec.transformations ? { transformations: spec.transformations } : {}),
  };
}

const curve = ({ stacked }: PanelSpec): unknown => ({
  ...{ drawStyle: 'line', lineWidth: 1, fillOpacity: stacked ? 40 : 8, showPoints: 'auto', spanNulls: false },
  stacking: { mode: stacked ? 'normal' : 'none', group: 'A' },
});

function optionsOf({ type, reduce = 'lastNotNull' }: PanelSpec): unknown {
  const reduceOptions = { calcs: [reduce], fields: '', values: false };
  switch (type) {
    case 'stat':
      return { reduceOptions, colorMode: 'value', graphMode: 'area', justifyMode: 'auto', textMode: 'auto' };
    case 'bargauge':
      return { reduceOptions, displayMode: 'basic', orientation: 'horizontal', showUnfilled: true };
    case 'timeseries':
      return {
        legend: { displayMode: 'table', placement: 'right', calcs: ['lastNotNull', 'max'] },
        tooltip: { mode: 'multi', sort: 'desc' },
      };
    case 'table':
      return { showHeader: true, cellHeight: 'sm', footer: { show: false, reducer: ['sum'], fields: '' } };
    case 'heatmap':
      return { calculate: false, cellGap: 1, yAxis: { axisPlacement: 'left' }, tooltip: { mode: 'single' } };
  }
}

/** The classic JSON of a dashboard, as Grafana imports it. */
export function dashboardJson(spec: DashboardSpec): unknown {
  return {
    ...{ uid: spec.uid, title: spec.title, description: spec.description, tags: [...spec.tags] },
    ...{ schemaVersion: 39, version: 1, id: null, editable: true, graphTooltip: 1, style: 'dark' },
    ...{ timezone: 'Asia/Shanghai', weekStart: 'monday', fiscalYearStartMonth: 0, liveNow: false },
    ...{ time: { from: spec.from, to: 'now' }, refresh: spec.refresh, timepicker: {} },
    annotations: { list: [] },
    links: [
      {
        ...{ title: 'Hallwatch', type: 'dashboards', tags: ['hallwatch'], asDropdown: true, includeVars: true },
        ...{ keepTime: true, icon: 'external link', targetBlank: false, tooltip: '', url: '' },
      },
    ],
    templating: { list: spec.variables.map(variable) },
    panels: spec.panels.map((one, i) => panel(one, i + 1)),
  };
}
