import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type RandomBytes, StrongroomError, uuid } from "../../src/words/index.ts";

/**
 * Rules of faults that wait in a library's folder, and what struck. Rules are texts here, each a file of its own under a name that never comes back, so that
 * whoever takes a rule away has it alone, in whatever process.
 */
export interface FaultShelf {
  /** In the order in which they were put there. The same array as long as nothing changed. */
  rules(): readonly ShelvedRule[];
  /** Gives its name. Refuses with FAULT_RULE more than a thousand. */
  put(text: string): string;
  /** False: somebody else took it before. */
  take(name: string): boolean;
  /** Remembers a line; the oldest are forgotten after some megabytes. It outlasts the process, not a loss of power. */
  note(line: string): void;
  /** The latest, the oldest first. */
  notes(): readonly string[];
}

export interface ShelvedRule {
  readonly name: string;
  readonly text: string;
}

const rulesName = "faults";
const notesName = "strikes.jsonl";
const olderNotesName = "strikes-before.jsonl";
const maxRules = 1000;
const maxRuleBytes = 10_000;
const maxNotesBytes = 2_000_000;

export function faultShelf(root: string, random: RandomBytes): FaultShelf {
  const folder = join(root, rulesName);
  let known: readonly ShelvedRule[] = [];
  const rules = (): readonly ShelvedRule[] => {
    if (statSync(folder, { throwIfNoEntry: false }) === undefined) return (known = known.length === 0 ? known : []);
    const names = readdirSync(folder).filter((name) => /^\d{6}-[0-9a-f-]{36}\.json$/.test(name)).sort();
    if (names.length === known.length && names.every((name, at) => name === known[at]!.name)) return known;
    const before = new Map(known.map((rule) => [rule.name, rule]));
    known = names.slice(0, maxRules).flatMap((name) => before.get(name) ?? read(folder, name));
    return known;
  };
  return {
    rules,
    put: (text) => {
      const last = rules();
      if (last.length >= maxRules) throw new StrongroomError("usage", "FAULT_RULE", `there are ${maxRules} rules already; none was added`, { hint: "take rules back first" });
      mkdirSync(folder, { mode: 0o700, recursive: true });
      const number = Number.parseInt(last.at(-1)?.name ?? "0", 10) + 1;
      const name = `${String(number).padStart(6, "0")}-${uuid(random)}.json`;
      const fresh = join(root, `${name}.new`);
      writeFileSync(fresh, `${text}\n`, { mode: 0o600, flag: "wx" });
      renameSync(fresh, join(folder, name));
      return name;
    },
    take: (name) => {
      try {
        rmSync(join(folder, name));
        return true;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === "ENOENT") return false;
        throw error;
      }
    },
    note: (line) => {
      const path = join(root, notesName);
      if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) > maxNotesBytes) renameSync(path, join(root, olderNotesName));
      appendFileSync(path, `${line}\n`, { mode: 0o600 });
    },
    notes: () => [olderNotesName, notesName].flatMap((name) => {
      const path = join(root, name);
      return existsSync(path) ? readFileSync(path, "utf8").split("\n").filter((line) => line !== "") : [];
    }),
  };
}

/** Somebody may have taken it meanwhile. */
function read(folder: string, name: string): readonly ShelvedRule[] {
  try {
    const path = join(folder, name);
    return statSync(path).size > maxRuleBytes ? [] : [{ name, text: readFileSync(path, "utf8").trim() }];
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}
