// Bundles what the pages load from npm into ../static/vendor (not committed). Run: npm ci --ignore-scripts && node build.mjs
import { build } from 'esbuild';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const modules = join(here, 'node_modules');
const out = join(here, '..', 'static', 'vendor');
rmSync(out, { recursive: true, force: true });
for (const folder of ['fonts', 'licences']) mkdirSync(join(out, folder), { recursive: true });

await build({
  entryPoints: [join(here, 'src', 'viewer.js')],
  outfile: join(out, 'viewer.js'),
  bundle: true,
  minify: true,
  format: 'iife',
  target: 'es2020',
  legalComments: 'linked',
  loader: { '.woff': 'dataurl', '.woff2': 'dataurl', '.ttf': 'dataurl', '.svg': 'dataurl', '.eot': 'empty' },
});
await build({
  entryPoints: [join(here, 'src', 'chart.js')],
  outfile: join(out, 'chart.js'),
  bundle: true,
  minify: true,
  format: 'iife',
  target: 'es2020',
  legalComments: 'linked',
});
cpSync(join(modules, 'htmx.org/dist/htmx.min.js'), join(out, 'htmx.min.js'));
cpSync(join(modules, 'axe-core/axe.min.js'), join(out, 'axe.min.js')); // only the tests load it

const ranges = {
  vietnamese: 'U+0102-0103,U+0110-0111,U+0128-0129,U+0168-0169,U+01A0-01A1,U+01AF-01B0,U+0300-0301,U+0303-0304,U+0308-0309,U+0323,U+0329,U+1EA0-1EF9,U+20AB',
  latin: 'U+0000-00FF,U+0131,U+0152-0153,U+02BB-02BC,U+02C6,U+02DA,U+02DC,U+2000-206F,U+20AC,U+2122,U+2191,U+2193,U+2212,U+2215,U+FEFF,U+FFFD',
};
let faces = '';
for (const weight of [400, 600, 700]) {
  for (const [subset, range] of Object.entries(ranges)) {
    const file = `be-vietnam-pro-${subset}-${weight}-normal.woff2`;
    cpSync(join(modules, '@fontsource/be-vietnam-pro/files', file), join(out, 'fonts', file));
    faces += `@font-face{font-family:"Be Vietnam Pro";font-style:normal;font-weight:${weight};font-display:swap;` +
      `src:url(fonts/${file}) format("woff2");unicode-range:${range}}\n`;
  }
}
writeFileSync(join(out, 'fonts.css'), faces);

for (const name of ['bpmn-js', 'chart.js', '@kurkle/color', 'htmx.org', 'axe-core', '@fontsource/be-vietnam-pro', 'diagram-js', 'bpmn-moddle', 'moddle', 'moddle-xml', 'tiny-svg', 'min-dash', 'min-dom']) {
  const found = readdirSync(join(modules, name)).find((file) => /^licen[cs]e/i.test(file));
  if (found) cpSync(join(modules, name, found), join(out, 'licences', `${name.replaceAll('/', '_')}.txt`));
}
for (const file of readdirSync(out)) {
  const path = join(out, file);
  if (statSync(path).isFile()) console.log(String(readFileSync(path).length).padStart(8), file);
}
