// Unpacks the Chromium of @sparticuz/chromium, and the libraries it links to, into the folder named on the command line.
// The package unpacks into the temporary folder and offers no other place, hence TMPDIR.
import { mkdirSync, renameSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";

const target = process.argv[2];
const unfinished = `${target}.unfinished`;
rmSync(unfinished, { recursive: true, force: true });
mkdirSync(unfinished, { recursive: true });
process.env.TMPDIR = unfinished;

const { inflate } = await import("@sparticuz/chromium");
const packed = (name) => fileURLToPath(new URL(`../node_modules/@sparticuz/chromium/bin/${name}`, import.meta.url));
await Promise.all(["chromium.br", "al2023.tar.br"].map((name) => inflate(packed(name))));

rmSync(target, { recursive: true, force: true });
renameSync(unfinished, target);
