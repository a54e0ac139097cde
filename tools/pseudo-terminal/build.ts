import { execFileSync } from "node:child_process";
import { join } from "node:path";

/** Compiles the program that holds the line; gives its path below `folder`. */
export function buildLine(folder: string): string {
  const program = join(folder, "line");
  const source = new URL("line.c", import.meta.url).pathname;
  execFileSync(process.env["CC"] ?? "cc", ["-std=c17", "-O2", "-Wall", "-Wextra", "-Werror", "-o", program, source, "-lutil"], { stdio: ["ignore", "ignore", "pipe"] });
  return program;
}
