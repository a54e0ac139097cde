import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { withPictures } from "./pictures.ts";

const path = fileURLToPath(new URL("../../../docs/OPERATING.md", import.meta.url));

if (process.argv.length > 2) {
  process.stderr.write("usage: tools/screenshots\n");
  process.exitCode = 2;
} else {
  writeFileSync(path, withPictures(readFileSync(path, "utf8")));
}
