// Draws a chart above every table that asks for one (data-chart="bar|stacked|line"). The table is the only source: its
// heading cells with data-series (empty, or a colour token) name the series, data-value of their cells are the numbers, the first cell of a row is
// its label; rows with data-total are left out, and
// so are those beyond data-chart-most; data-chart-reverse draws them the other way round. Without this script the table alone says it all.
import {
  BarController, BarElement, CategoryScale, Chart, Legend, LinearScale, LineController, LineElement, PointElement, Tooltip,
} from 'chart.js';

Chart.register(BarController, BarElement, CategoryScale, Legend, LinearScale, LineController, LineElement, PointElement, Tooltip);

const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const number = new Intl.NumberFormat(document.documentElement.lang === 'en' ? 'en' : 'vi');

function read(table) {
  const heads = [...table.tHead.querySelectorAll('th')];
  const all = [...table.tBodies[0].rows].filter((row) => !('total' in row.dataset));
  const rows = table.dataset.chartMost ? all.slice(0, Number(table.dataset.chartMost)) : all;
  if ('chartReverse' in table.dataset) rows.reverse();
  const series = heads.map((head, at) => ({ head, at })).filter(({ head }) => 'series' in head.dataset);
  return {
    labels: rows.map((row) => row.dataset.label || row.cells[0].textContent.trim()),
    series: series.map(({ head, at }) => ({
      name: head.textContent.trim(),
      colour: head.dataset.series && token(`--${head.dataset.series}`),
      values: rows.map((row) => (row.cells[at]?.dataset.value ? Number(row.cells[at].dataset.value) : null)),
    })),
  };
}

function draw(table) {
  const { labels, series } = read(table);
  if (!labels.length || !series.length) return;
  const kind = table.dataset.chart;
  const box = Object.assign(document.createElement('div'), { className: labels.length > 8 ? 'chart tall' : 'chart' });
  const canvas = document.createElement('canvas');
  canvas.setAttribute('role', 'img');
  canvas.setAttribute('aria-label', `${table.dataset.chartWord}: ${table.caption.textContent.trim()}`);
  box.append(canvas);
  (table.closest('.sheet-wrap') ?? table).before(box);
  const ink = token('--ink');
  const grid = token('--line');
  const colours = [token('--blue'), token('--ok'), token('--warn'), token('--late'), token('--quiet')];
  const longest = innerWidth < 600 ? 16 : 34; // characters of a label
  const across = 'chartAcross' in table.dataset;
  const scale = { grid: { color: grid }, ticks: { color: ink } };
  const named = { grid: { color: grid }, ticks: { color: ink, autoSkip: !across } };
  return new Chart(canvas, {
    type: kind === 'line' ? 'line' : 'bar',
    data: {
      labels: labels.map((label) => (label.length > longest ? `${label.slice(0, longest - 1)}…` : label)),
      datasets: series.map(({ name, values, colour }, at) => ({
        label: name, data: values, backgroundColor: colour || colours[at % 5], borderColor: colour || colours[at % 5], borderWidth: 1, maxBarThickness: 36,
      })),
    },
    options: {
      animation: false,
      maintainAspectRatio: false,
      indexAxis: across ? 'y' : 'x',
      scales: {
        x: { ...(across ? scale : named), stacked: kind === 'stacked', beginAtZero: true },
        y: { ...(across ? named : scale), stacked: kind === 'stacked', beginAtZero: true },
      },
      plugins: {
        legend: { display: series.length > 1, labels: { color: ink } },
        tooltip: { callbacks: { label: (item) => `${item.dataset.label}: ${number.format(item.raw)}` } },
      },
    },
  });
}

const charts = [...document.querySelectorAll('table[data-chart]')].map(draw);
addEventListener('beforeprint', () => charts.forEach((chart) => chart?.resize()));
