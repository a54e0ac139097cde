// Prints the folders of the packages that the program runs with, without those that it is developed with: by package-lock.json, so that no npm is needed.
import { existsSync, readFileSync } from "node:fs";

const { packages } = JSON.parse(readFileSync("package-lock.json", "utf8"));
for (const [path, { dev }] of Object.entries(packages)) {
  if (path.startsWith("node_modules/") && dev !== true && existsSync(path)) console.log(path.slice("node_modules/".length));
}
