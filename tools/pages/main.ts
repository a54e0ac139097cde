import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { saidCodes } from "./said-codes.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
writeFileSync(`${root}/src/cli/messages/said-codes.json`, `${JSON.stringify(saidCodes(root).codes, undefined, 1)}\n`);
