// Exit 0 when node_modules is what package-lock.json says. Plain JavaScript for any old Node: it runs before ours is there.
import { existsSync, readFileSync } from "node:fs";

const wanted = packagesOf("package-lock.json");
const installed = packagesOf("node_modules/.package-lock.json");
process.exit(wanted !== undefined && installed !== undefined && Object.entries(wanted).every(isThere) ? 0 : 1);

function packagesOf(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8")).packages;
  } catch {
    return undefined;
  }
}

function isThere([place, entry]) {
  if (!place.includes("node_modules/") || entry.link === true) return true;
  const found = installed[place];
  // An optional package for another kind of machine is rightly absent.
  if (found === undefined) return entry.optional === true;
  return found.version === entry.version && found.integrity === entry.integrity && existsSync(place);
}
