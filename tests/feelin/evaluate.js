// Reads a JSON list of FEEL texts and a context from standard input, writes the list of values feelin gives them.
// A value is written with its kind, so that a number and a string of the same look stay apart; failures are "error".
import { readFileSync } from 'node:fs';
import { evaluate } from 'feelin';

function written(value) {
  if (value === null || value === undefined) return null;
  if (Array.isArray(value)) return { list: value.map(written) };
  if (typeof value === 'number') return Number.isFinite(value) ? { number: String(value) } : 'error';
  if (typeof value === 'object' && value.constructor === Object) {
    return { context: Object.fromEntries(Object.entries(value).map(([ key, part ]) => [ key, written(part) ])) };
  }
  if (typeof value === 'string' || typeof value === 'boolean') return value;
  return 'error';
}

function valueOf(text, context) {
  try {
    const found = evaluate(text, context);
    return { value: written('value' in Object(found) ? found.value : found) };
  } catch {
    return { error: true };
  }
}

const { texts, context } = JSON.parse(readFileSync(0, 'utf8'));
process.stdout.write(JSON.stringify(texts.map((text) => valueOf(text, context))));
