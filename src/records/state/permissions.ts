import { lstatSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { StrongroomError, printable } from "../../words/index.ts";

const groupAndOthers = 0o077;
/** Commands told at once when many files are too open. */
const toldLimit = 5;

/**
 * Refuses a state folder that anybody else can look into or that belongs to somebody else. The hint is the exact command that
 * mends it. Looked at: the folder, what is in it, and the keys; what the spool and the jobs hold is behind their folders' modes.
 */
export function refuseWidePermissions(folder: string, userId: number): void {
  const paths = [folder, ...itemsOf(folder), ...itemsOf(join(folder, "keys"))];
  const items = paths.map((path) => ({ path, facts: lstatSync(path, { throwIfNoEntry: false }) }));
  const commands: string[] = [];
  let problem: string | undefined;
  for (const { path, facts } of items) {
    // Gone since it was listed: the log of a database that was just closed, a draft that was just renamed.
    if (facts === undefined) continue;
    if (facts.isSymbolicLink()) throw linkRefused(path);
    if (facts.uid !== userId) {
      problem ??= `${printable(path)} belongs to user ${String(facts.uid)}, not to ${String(userId)} who runs this`;
      commands.push(`chown ${String(userId)} ${shellQuoted(path)}`);
    }
    if ((facts.mode & groupAndOthers) === 0) continue;
    problem ??= `${printable(path)} can be reached by others (mode ${(facts.mode & 0o7777).toString(8)})`;
    commands.push(`chmod ${facts.isDirectory() ? "700" : "600"} ${shellQuoted(path)}`);
  }
  if (problem === undefined) return;
  throw new StrongroomError("denied", "STATE_TOO_OPEN", `${problem}, nothing was opened`, {
    severity: "fatal",
    hint: commands.length > toldLimit ? mendAll(folder, userId) : commands.join(" && "),
  });
}

function mendAll(folder: string, userId: number): string {
  return `chown -R ${String(userId)} ${shellQuoted(folder)} && chmod -R go= ${shellQuoted(folder)}`;
}

function itemsOf(folder: string): readonly string[] {
  try {
    return readdirSync(folder).map((name) => join(folder, name));
  } catch {
    // Missing, or not readable: its own mode and owner are looked at as an item of the folder above.
    return [];
  }
}

function linkRefused(path: string): StrongroomError {
  return new StrongroomError("denied", "STATE_IS_LINK", `${printable(path)} is a symbolic link, nothing was opened`, {
    severity: "fatal",
    hint: "name the folder that it points to, or put the real one in its place",
  });
}

/** Quoted for POSIX sh; control characters come out as `$'\n'` would, by printf, because a hint is one line. */
function shellQuoted(path: string): string {
  if (/^[\w./+:@%,-]+$/.test(path)) return path;
  if (printable(path) !== path.replaceAll("\\", "\\\\")) return `"$(printf '%b' '${octalEscaped(path)}')"`;
  return `'${path.replaceAll("'", String.raw`'\''`)}'`;
}

function octalEscaped(path: string): string {
  const bytes = [...Buffer.from(path)];
  return bytes
    .map((byte) => (/[\w./-]/.test(String.fromCharCode(byte)) ? String.fromCharCode(byte) : `\\0${byte.toString(8)}`))
    .join("");
}
