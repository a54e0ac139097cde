import { resolve } from "node:path";
import { printable, StrongroomError } from "../../words/index.ts";
import { sizeBytes, wholeNumber } from "../reading/index.ts";
import type { DriveReport, FaultStrike, ServiceWish, SimulatorService } from "../simulator-tools.ts";
import { plural } from "../views/index.ts";
import type { Answer, Typed } from "./call.ts";
import type { Command } from "./command.ts";

export const serve: Command = {
  noun: "simulator",
  verb: "serve",
  summary: "let iSCSI initiators use simulated libraries, until Ctrl-C",
  details: "Each library is a target of its own: LUN 0 is the changer, LUN 1 and so on are the drives. Whoever reaches the address may log in, "
    + "unless a user and a secret are given: listen beyond this machine only on a network that is yours.",
  arguments: [{ name: "FOLDER", summary: "where a simulated library lives", many: true }],
  options: [
    { flags: "--listen ADDRESS", summary: "where to listen: host, host:port or [v6]:port; port 0 for any that is free", otherwise: "127.0.0.1:3260" },
    { flags: "--target IQN", summary: "the name of the target; one for each folder, in their order", many: true, otherwise: "made from the folder's name" },
    { flags: "--chap-user NAME", summary: "who may log in" },
    { flags: "--chap-secret-file FILE", summary: "the secret of that user, 12 to 255 bytes in a file that only its owner reads" },
    { flags: "--own-chap-user NAME", summary: "who the target says it is, where an initiator asks" },
    { flags: "--own-chap-secret-file FILE", summary: "the secret that proves it, another one" },
    { flags: "--disk SIZE", summary: "add a disk in memory behind the drives, for programs that know disks alone" },
    { flags: "--faults FILE", summary: "what shall go wrong: a rule to a line, as docs/SIMULATOR.md has them" },
    { flags: "--fault-seed N", summary: "what the probabilities of faults are drawn from", otherwise: "0" },
    { flags: "--time FACTOR", summary: "what machines take: none, real, or so many times as long, as in 0.01", otherwise: "none" },
    { flags: "--timeline", summary: "draw at the end what each drive did; with --time" },
    { flags: "--digests", summary: "insist on a CRC of each header and of all data", otherwise: "as the initiator has it" },
  ],
  examples: [
    { line: "strongroom simulator serve /srv/vtl", what: "then: iscsiadm -m discovery -t sendtargets -p 127.0.0.1" },
    { line: "strongroom simulator serve /srv/vtl --time 0.01 --timeline", what: "machines take a hundredth of their time, and it is drawn at the end what drives did" },
    { line: "strongroom simulator serve /srv/vtl --chap-user backup --chap-secret-file /etc/strongroom/chap --listen 0.0.0.0", what: "for other machines" },
  ],
  async run({ typed, answer, simulator, untilStopped }) {
    const wish = wishTyped(typed);
    const draws = typed.flag("--timeline");
    if (draws && wish.timeFactor === undefined) {
      throw new StrongroomError("usage", "TIME_FACTOR", "a timeline of machines that take no time; nothing is served", { hint: "give --time too, as in --time 0.01" });
    }
    const listening = ({ listen, targets }: SimulatorService): void => {
      answer.document({ listen, targets: targets.map(({ folder, target, units }) => ({ folder, target, units: [...units] })) }, () => {
        for (const { folder, target, drives, units } of targets) {
          const disk = units.length > drives + 1 ? `, and a disk as LUN ${String(units.at(-1))}` : "";
          answer.line(`${printable(folder)} is ${printable(target)}: a changer and ${plural(drives, "drive")}${disk}`);
        }
        answer.line(`listening at ${listen}`);
      });
    };
    const struck = (folder: string, { lun, cdb, phase, fault }: FaultStrike): void => {
      answer.record("strike", { folder, lun, cdb, phase, fault }, () => `${printable(folder)}: ${fault} struck LUN ${String(lun)}, ${phase} ${cdb}`);
    };
    await untilStopped(async (signal) => {
      for (const report of await (await simulator()).serve(wish, signal, { listening, struck })) tellReport(answer, report, draws);
    });
  },
};

function tellReport(answer: Answer, { folder, drive, totalMs, spent, backhitches, bytesWritten, bytesRead, timeline }: DriveReport, draws: boolean): void {
  const document = {
    folder, drive, total_ms: Math.round(totalMs), spent_ms: Object.fromEntries(Object.entries(spent).map(([activity, ms]) => [activity, Math.round(ms)])), backhitches,
    bytes_written: bytesWritten, bytes_read: bytesRead, ...(draws ? { timeline } : {}),
  };
  answer.record("drive_report", document, () => {
    const parts = Object.entries(spent).filter(([, ms]) => ms >= 50).map(([activity, ms]) => `${activity} ${(ms / 1000).toFixed(1)} s`);
    const bytes = `${String(bytesWritten)} bytes written, ${String(bytesRead)} read, ${plural(backhitches, "backhitch", "backhitches")}`;
    const told = `drive:${String(drive)} of ${printable(folder)}: ${parts.length === 0 ? "did nothing" : parts.join(", ")}; ${bytes}`;
    return draws && timeline !== "" ? `${told}\n  ${timeline}\n  ${timelineLegend}` : told;
  });
}

const timelineLegend = "= streaming, < repositioning, > searching, r rewinding, L loading, U unloading, _ stopped";

function wishTyped(typed: Typed): ServiceWish {
  const folders = typed.arguments("FOLDER").map((folder) => resolve(folder));
  const names = typed.options("--target");
  if (names.length > 0 && names.length !== folders.length) {
    throw new StrongroomError("usage", "TARGET_NAMES", `${plural(names.length, "name")} for ${plural(folders.length, "folder")}; nothing is served`, {
      hint: "give --target once for each folder, or not at all",
    });
  }
  const disk = typed.option("--disk");
  const [faultFile, seed] = [typed.option("--faults"), typed.option("--fault-seed")];
  if (seed !== undefined && faultFile === undefined) {
    throw new StrongroomError("usage", "FAULT_RULE", "a seed of faults without faults; nothing is served", { hint: "give --faults too" });
  }
  const time = typed.option("--time") ?? "none";
  const chap = account(typed, "--chap-user", "--chap-secret-file");
  const own = account(typed, "--own-chap-user", "--own-chap-secret-file");
  if (own !== undefined && chap === undefined) {
    throw new StrongroomError("usage", "CHAP_ACCOUNT", "a target proves itself only to those who must prove themselves; nothing is served", {
      hint: "give --chap-user and --chap-secret-file too",
    });
  }
  return {
    libraries: folders.map((folder, at) => ({ folder, target: names[at] })),
    listen: typed.option("--listen") ?? "127.0.0.1:3260",
    digests: typed.flag("--digests"),
    diskBytes: disk === undefined ? undefined : sizeBytes(disk, "--disk"),
    faults: faultFile === undefined ? undefined : { file: resolve(faultFile), seed: wholeNumber(seed ?? "0", "--fault-seed", 0, 0xffff_ffff) },
    timeFactor: time === "none" ? undefined : factorTyped(time),
    chap: chap === undefined ? undefined : { ...chap, own },
  };
}

function factorTyped(time: string): number {
  const factor = time === "real" ? 1 : /^\d{1,4}(\.\d{1,6})?$/.test(time) ? Number(time) : 0;
  if (factor > 0) return factor;
  throw new StrongroomError("usage", "TIME_FACTOR", `${printable(time)} is no pace of time; nothing is served`, { hint: "write none, real, or a factor such as 0.01" });
}

function account(typed: Typed, userOption: string, fileOption: string): { readonly user: string; readonly secretFile: string } | undefined {
  const [user, secretFile] = [typed.option(userOption), typed.option(fileOption)];
  if (user === undefined && secretFile === undefined) return undefined;
  if (user !== undefined && secretFile !== undefined) return { user, secretFile: resolve(secretFile) };
  throw new StrongroomError("usage", "CHAP_ACCOUNT", `${userOption} and ${fileOption} belong together; nothing is served`, { hint: "give both or none" });
}
