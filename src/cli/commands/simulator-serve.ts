import { resolve } from "node:path";
import { printable, StrongroomError } from "../../words/index.ts";
import { sizeBytes, wholeNumber } from "../reading/index.ts";
import type { ServiceWish } from "../simulator-tools.ts";
import { plural } from "../views/index.ts";
import type { Typed } from "./call.ts";
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
    { flags: "--digests", summary: "insist on a CRC of each header and of all data", otherwise: "as the initiator has it" },
  ],
  examples: [
    { line: "strongroom simulator serve /srv/vtl", what: "then: iscsiadm -m discovery -t sendtargets -p 127.0.0.1" },
    { line: "strongroom simulator serve /srv/vtl --chap-user backup --chap-secret-file /etc/strongroom/chap --listen 0.0.0.0", what: "for other machines" },
  ],
  async run({ typed, answer, simulator, untilStopped }) {
    const wish = wishTyped(typed);
    await untilStopped(async (signal) => {
      await simulator.serve(wish, signal, ({ listen, targets }) => {
        answer.document({ listen, targets: targets.map(({ folder, target, units }) => ({ folder, target, units: [...units] })) }, () => {
          for (const { folder, target, drives, units } of targets) {
            const disk = units.length > drives + 1 ? `, and a disk as LUN ${String(units.at(-1))}` : "";
            answer.line(`${printable(folder)} is ${printable(target)}: a changer and ${plural(drives, "drive")}${disk}`);
          }
          answer.line(`listening at ${listen}`);
        });
      });
    });
  },
};

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
    chap: chap === undefined ? undefined : { ...chap, own },
  };
}

function account(typed: Typed, userOption: string, fileOption: string): { readonly user: string; readonly secretFile: string } | undefined {
  const [user, secretFile] = [typed.option(userOption), typed.option(fileOption)];
  if (user === undefined && secretFile === undefined) return undefined;
  if (user !== undefined && secretFile !== undefined) return { user, secretFile: resolve(secretFile) };
  throw new StrongroomError("usage", "CHAP_ACCOUNT", `${userOption} and ${fileOption} belong together; nothing is served`, { hint: "give both or none" });
}
