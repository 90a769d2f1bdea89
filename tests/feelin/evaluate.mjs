// Reads {"module", "expressions": [{"text", "unary", "context"}]} from stdin, evaluates each with feelin and writes the
// values with their types; dates, times and durations are written as feelin's own string() writes them.
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

const { module, expressions } = JSON.parse(readFileSync(0, 'utf8'));
const { evaluate, unaryTest } = await import(pathToFileURL(module));

// A date and time of feelin is a date at midnight UTC and a time on 1 January 1900: its values carry no type of their own.
function temporalType(value) {
  if (value.isLuxonDuration) {
    const units = Object.keys(value.toObject());
    return units.length && units.every((unit) => ['years', 'months'].includes(unit)) ? 'years and months duration' : 'days and time duration';
  }
  if (!value.isLuxonDateTime) return null;
  if (value.year === 1900 && value.month === 1 && value.day === 1) return 'time';
  return value.toMillis() % 86400000 === 0 && value.zoneName === 'UTC' ? 'date' : 'date and time';
}

function bounded(value) {
  return {
    type: 'range',
    start: typed(value.start ?? null),
    end: typed(value.end ?? null),
    included: [value['start included'], value['end included']],
  };
}

function typed(value) {
  if (value === null || value === undefined) return { type: 'null' };
  if (typeof value === 'number') return { type: 'number', text: String(value) };
  if (['string', 'boolean'].includes(typeof value)) return { type: typeof value, text: String(value) };
  if (Array.isArray(value)) return { type: 'list', items: value.map(typed) };
  if (typeof value === 'function' || value.constructor?.name === 'FunctionWrapper') return { type: 'function' };
  if ('start included' in value) return bounded(value);
  const type = temporalType(value);
  if (type) return { type, text: evaluate('string(x)', { x: value }).value };
  return { type: 'context', entries: Object.fromEntries(Object.entries(value).map(([k, v]) => [k, typed(v)])) };
}

function outcome({ text, unary, context }) {
  try {
    return typed((unary ? unaryTest : evaluate)(text, context).value);
  } catch (error) {
    return { type: 'error', text: error.constructor.name };
  }
}

process.stdout.write(JSON.stringify(expressions.map(outcome)));
