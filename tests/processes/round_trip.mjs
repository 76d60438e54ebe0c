// Reads a diagram on standard input as bpmn-js would, and writes it again: {"warnings": [...], "xml": "..."}.
// The first argument is the moddle descriptor of our namespace; without it our attributes are unknown extensions.
import { readFileSync } from 'node:fs';
import { BpmnModdle } from 'bpmn-moddle';

const descriptor = process.argv[2];
const moddle = new BpmnModdle(descriptor ? { cf: JSON.parse(readFileSync(descriptor, 'utf8')) } : {});
const { rootElement, warnings } = await moddle.fromXML(readFileSync(0, 'utf8'));
const { xml } = await moddle.toXML(rootElement);
process.stdout.write(JSON.stringify({ warnings: warnings.map((warning) => warning.message), xml }));
