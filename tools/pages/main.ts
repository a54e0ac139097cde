import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { commands } from "../../src/cli/index.ts";
import { commandReference } from "./command-reference.ts";
import { manPages } from "./man-page.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const [choice, folder, more] = process.argv.slice(2);

if (choice === "--write" && folder === undefined) {
  // The compiler is among the tools of those who develop; whoever installs manual pages need not have it.
  const { saidCodes } = await import("./said-codes.ts");
  writeFileSync(join(root, "src/cli/messages/said-codes.json"), `${JSON.stringify(saidCodes(root).codes, undefined, 1)}\n`);
  writeFileSync(join(root, "docs/COMMANDS.md"), commandReference(commands));
} else if (choice === "--man" && folder !== undefined && more === undefined) {
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { readonly version: string };
  mkdirSync(folder, { recursive: true });
  for (const { fileName, text } of manPages(commands, { version })) writeFileSync(join(folder, fileName), text);
} else {
  process.stderr.write("usage: tools/manual --write | --man DIR\n");
  process.exitCode = 2;
}
