import { BarChart, HeatmapChart, LineChart } from 'echarts/charts';
import { GridComponent, LegendComponent, TooltipComponent, VisualMapComponent } from 'echarts/components';
import { init, use } from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';

use([
  BarChart,
  HeatmapChart,
  LineChart,
  GridComponent,
  LegendComponent,
  TooltipComponent,
  VisualMapComponent,
  CanvasRenderer,
]);

export { init };

/** Tooltips drawn on the canvas: one made of HTML brings inline styles, which the page's policy forbids. */
export const TOOLTIP = { renderMode: 'richText', confine: true, textStyle: { fontSize: 12 } } as const;

export const COLOURS = {
  ink: '#44525e',
  line: '#d3dae0',
  blue: '#1a5fa8',
  amber: '#d98e04',
  red: '#c3201f',
  grey: '#b5bfc8',
};
