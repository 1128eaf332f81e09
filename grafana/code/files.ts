import { stringify } from 'yaml';
import { alertingYaml } from './alerting.js';
import { duty } from './duty.js';
import { halls } from './halls.js';
import { DATASOURCE, type DashboardSpec, dashboardJson } from './model.js';
import { month } from './month.js';
import { rooms } from './rooms.js';
import { system } from './system.js';

export const DASHBOARDS: readonly DashboardSpec[] = [duty, month, rooms, system, halls];

const HEAD = '# Written by scripts/generate-grafana.mjs. Change grafana/code instead.\n';
const yaml = (value: unknown): string => `${HEAD}${stringify(value, { lineWidth: 0, aliasDuplicateObjects: false })}`;

/** Where the data source is, taken from Grafana's environment: nothing secret stands in a file. */
const datasources = {
  apiVersion: 1,
  datasources: [
    {
      ...{ name: 'Hallwatch', uid: DATASOURCE.uid, type: DATASOURCE.type, access: 'proxy', isDefault: true },
      ...{ url: '${HALLWATCH_INFLUX_URL}', user: '${HALLWATCH_INFLUX_USER}' },
      jsonData: { dbName: '${HALLWATCH_INFLUX_DATABASE}', httpMode: 'POST', timeInterval: '1m' },
      secureJsonData: { password: '${HALLWATCH_INFLUX_PASSWORD}' },
    },
  ],
};

const providers = {
  apiVersion: 1,
  providers: [
    {
      ...{ name: 'hallwatch', orgId: 1, folder: 'Hallwatch', folderUid: 'hallwatch', type: 'file' },
      ...{ disableDeletion: true, allowUiUpdates: false, updateIntervalSeconds: 60 },
      options: { path: '/var/lib/grafana/dashboards/hallwatch' },
    },
  ],
};

/** Every generated file by its path below `grafana/`. */
export function grafanaFiles(): Record<string, string> {
  return {
    ...Object.fromEntries(
      DASHBOARDS.map((spec) => [`dashboards/${spec.uid}.json`, `${JSON.stringify(dashboardJson(spec), null, 2)}\n`]),
    ),
    'provisioning/datasources/hallwatch.yaml': yaml(datasources),
    'provisioning/dashboards/hallwatch.yaml': yaml(providers),
    'provisioning/alerting/hallwatch.yaml': yaml(alertingYaml()),
  };
}
