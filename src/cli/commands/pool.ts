import { resolve } from "node:path";
import { printable, StrongroomError } from "../../words/index.ts";
import { wholeNumber } from "../reading/index.ts";
import { poolColumns, poolDocument, poolFacts, table, volumeColumns, volumeDocument } from "../views/index.ts";
import type { Command } from "./command.ts";
import { libraryOrOnly } from "./names.ts";

const create: Command = {
  noun: "pool",
  verb: "create",
  summary: "make a pool: a set of volumes with one policy",
  details: "An archive gets one copy in each pool it names. Use two pools on two kinds of media, and keep one of them elsewhere.",
  arguments: [{ name: "NAME", summary: "name of the pool: lower-case letters, digits and dashes" }],
  options: [
    { flags: "--kind KIND", summary: "what its volumes are", choices: ["tape", "folder"], required: true },
    { flags: "--library NAME", summary: "of a tape pool: where its cartridges are", otherwise: "the only one", names: "library" },
    { flags: "--folder DIR", summary: "of a folder pool: where its volumes may be mounted", many: true },
  ],
  examples: [
    { line: "strongroom pool create onsite --kind tape --library vtl", what: "cartridges of library vtl" },
    { line: "strongroom pool create usb --kind folder", what: "folders and USB disks" },
  ],
  async run({ typed, answer, operations }) {
    const name = typed.required("NAME");
    const kind = typed.needed("--kind") === "tape" ? "tape" : "folder";
    const folders = typed.options("--folder").map((folder) => resolve(folder));
    const wrong = kind === "tape" ? (folders.length > 0 ? "--folder" : undefined) : typed.option("--library") && "--library";
    if (wrong !== undefined) {
      throw new StrongroomError("usage", "OPTION_MISPLACED", `${wrong} means nothing for a ${kind} pool`, { hint: `leave ${wrong} out` });
    }
    const open = await operations();
    const where = kind === "tape" ? { library: await libraryOrOnly(open, typed.option("--library")) } : folders.length > 0 ? { folders } : {};
    await open.pool.create({ name, kind, ...where });
    answer.document({ name, kind, ...where }, () => { answer.line(`pool ${printable(name)}: made, no volumes yet`); });
    // Blank cartridges of its library are taken by a tape pool when it needs one; folders are only used where they were named.
    answer.next(kind === "tape" ? `strongroom archive create NAME --source PATH --pool ${printable(name)}` : volumeInFolder(name));
  },
};

function volumeInFolder(pool: string): string {
  return `strongroom volume init BARCODE --pool ${printable(pool)} --folder DIR`;
}

const list: Command = {
  noun: "pool",
  verb: "list",
  summary: "list the pools and how their copies are",
  examples: [{ line: "strongroom pool list", what: "volumes, bytes, verified and bad copies" }],
  async run({ answer, operations, units }) {
    const pools = await (await operations()).pool.list();
    answer.document({ pools: pools.map(poolDocument) }, () => { answer.table(table(poolColumns, pools, units)); });
    if (pools.length === 0) answer.next("strongroom pool create NAME --kind tape --library LIBRARY, or strongroom pool create NAME --kind folder");
  },
};

const show: Command = {
  noun: "pool",
  verb: "show",
  summary: "show a pool and its volumes",
  arguments: [{ name: "NAME", summary: "name of the pool", names: "pool" }],
  examples: [{ line: "strongroom pool show onsite", what: "the pool and its volumes" }],
  async run({ typed, answer, operations, units }) {
    const pool = await (await operations()).pool.show(typed.required("NAME"));
    answer.document({ ...poolDocument(pool), volumes: pool.volumes.map(volumeDocument) }, () => {
      answer.facts(poolFacts(pool, units));
      answer.table(table(volumeColumns, pool.volumes, units));
    });
    if (pool.volumes.length === 0 && pool.kind === "folder") answer.next(volumeInFolder(pool.name));
  },
};

const set: Command = {
  noun: "pool",
  verb: "set",
  summary: "set the policy of a pool: how often its copies are verified",
  details: "Nothing is read by itself: strongroom volume verify --due reads what is due by then, and strongroom volume due says what that is.",
  arguments: [{ name: "NAME", summary: "name of the pool", names: "pool" }],
  options: [{ flags: "--verify-every DAYS", summary: "every copy is due to be read back after so many days, 1 to 36500, or off", required: true }],
  examples: [
    { line: "strongroom pool set onsite --verify-every 365", what: "once a year" },
    { line: "strongroom pool set onsite --verify-every off", what: "only when asked to" },
  ],
  async run({ typed, answer, operations, units }) {
    const days = typed.needed("--verify-every");
    const verifyEveryDays = days === "off" ? undefined : wholeNumber(days, "--verify-every", 1, 36_500);
    const pool = await (await operations()).pool.set(typed.required("NAME"), { verifyEveryDays });
    answer.document(poolDocument(pool), () => { answer.facts(poolFacts(pool, units)); });
    if (verifyEveryDays !== undefined) answer.next("strongroom volume due says what is due; strongroom volume verify --due reads it");
  },
};

const remove: Command = {
  noun: "pool",
  verb: "remove",
  summary: "take a pool that nothing uses out of the appliance",
  details: "Refused while an archive names the pool or volumes belong to it: what they are is said then.",
  arguments: [{ name: "NAME", summary: "name of the pool", names: "pool" }],
  examples: [{ line: "strongroom pool remove onsite", what: "forget a pool that was made by mistake" }],
  async run({ typed, answer, operations }) {
    const pool = typed.required("NAME");
    await (await operations()).pool.remove(pool);
    answer.document({ pool, removed: true }, () => { answer.line(`pool ${printable(pool)}: removed`); });
  },
};

export const poolCommands: readonly Command[] = [create, list, show, set, remove];
